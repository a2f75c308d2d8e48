"""Addresses of servers, as people type them."""

import pytest

from shared.channels.domain.provider import Refused
from shared.channels.domain.server_address import base_url


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" Mastodon.Social/ ", "https://mastodon.social"),
        ("https://mastodon.social/", "https://mastodon.social"),
        ("https://mastodon.social/@somebody", "https://mastodon.social"),
        ("https://mastodon.social/about?x=1#y", "https://mastodon.social/about"),
        ("@somebody@mastodon.social", "https://mastodon.social"),
        ("http://127.0.0.1:8080/mastodon", "http://127.0.0.1:8080/mastodon"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("localhost:3000", "https://localhost:3000"),
    ],
)
def test_an_address_is_understood(typed: str, address: str) -> None:
    assert base_url(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "  ",
            "@",
            "https://",
            "ftp://a.social",
            "two words",
            "https://u:p@a.social",
            "a:port",
        ),
        f"https://{'a' * 70}.social",  # no name on the Internet has so long a part
        "\ufffd.social",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        base_url(typed)
    assert caught.value.code == "INVALID_ADDRESS"
