"""What networks say: words fit to keep, waits in seconds, addresses as people type them."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from shared.channels.domain.addresses import base_url
from shared.channels.domain.provider import Refused
from shared.channels.domain.quoting import MAXIMUM, quote
from shared.channels.domain.rate_limits import wait_asked_for

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Text is too long", "Text is too long"),
        ("two\n lines\tand tabs", "two lines and tabs"),
        ("The token s3cret is gone", "The token [removed] is gone"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [removed]"),
        ("at ?access_token=abc&x=1", "at ?access_token=[removed]&x=1"),
        ("bad eyJhbGciOiJI.eyJzdWIiOjE.c2ln here", "bad [removed] here"),
    ],
)
def test_words_are_kept_without_secrets(words: str, kept: str) -> None:
    assert quote(words, secrets=["s3cret", ""]) == kept


def test_words_are_cut_after_the_secrets_are_gone() -> None:
    quoted = quote("x" * (MAXIMUM - 3) + "s3cret" + "y" * 99, secrets=["s3cret"])
    assert len(quoted) == MAXIMUM
    assert "s3c" not in quoted


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "77"}, 77),
        ({"retry-after": "0"}, 0),
        ({"retry-after": format_datetime(NOW.replace(minute=2), usegmt=True)}, 120),
        ({"ratelimit-reset": str(int(NOW.timestamp()) + 90)}, 90),
        ({"ratelimit-reset": "90"}, 90),
        ({"x-ratelimit-reset": "2026-03-01T12:05:00.000000Z"}, 300),
        ({"x-ratelimit-reset": "2026-03-01T12:05:00"}, 300),
        ({"x-ratelimit-reset": "2026-03-01T11:00:00Z"}, 0),
        ({"retry-after": "5", "ratelimit-reset": "90"}, 5),
        ({"retry-after": "soon", "ratelimit-reset": "90"}, 90),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "inf"}, None),
    ],
)
def test_a_wait_is_understood(headers: dict[str, str], seconds: float | None) -> None:
    assert wait_asked_for(headers, NOW) == seconds


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
    ["", "  ", "@", "https://", "ftp://a.social", "two words", "https://u:p@a.social", "a:port"],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        base_url(typed)
    assert caught.value.code == "INVALID_ADDRESS"
