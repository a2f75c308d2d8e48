"""Where people may come back to, and how much of an application's id is shown."""

import pytest

from shared.channels.domain.journey import demand_fit_to_return
from shared.channels.domain.kept_application import masked
from shared.kernel.errors import RuleViolation

CALLBACK = "https://api.luxaris.example/api/v1/channels/oauth/x/callback"
ORIGIN = "https://app.luxaris.example"


@pytest.mark.parametrize(
    "address",
    [CALLBACK, ORIGIN, f"{ORIGIN}/", f"{ORIGIN}/channels", f"{ORIGIN}/a%20b?x=1&y=%C3%BC"],
)
def test_ones_own_places_are_fit(address: str) -> None:
    assert demand_fit_to_return(address, callback=CALLBACK, origin=ORIGIN) == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        f"{CALLBACK}?more=1",
        f"{CALLBACK}/",
        f"{ORIGIN}.evil.example/",
        f"{ORIGIN}:8443/",
        f"{ORIGIN}@evil.example/",
        f"{ORIGIN}/\\evil.example",
        f"{ORIGIN}/#part",
        f"{ORIGIN}/\r\nLocation: x",
        ORIGIN.replace("https", "http"),
        ORIGIN.upper(),
    ],
)
def test_other_places_are_not(address: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        demand_fit_to_return(address, callback=CALLBACK, origin=ORIGIN)
    assert caught.value.field == "redirect_uri"


@pytest.mark.parametrize(
    ("client_id", "shown"),
    [
        ("abcdefghijklmnopqrstuvwxyz", "abcdefgh...wxyz"),
        ("abcdefghijklmnopqr", "abcdefgh...opqr"),
        ("abcdefghijklmnopq", "...nopq"),
        ("abcdefghij", "...ghij"),
        ("abcdefghi", "..."),
        ("", "..."),
    ],
)
def test_no_more_is_shown_than_it_is_known_by(client_id: str, shown: str) -> None:
    assert masked(client_id) == shown
