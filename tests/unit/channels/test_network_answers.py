"""What networks answer: a status, words fit to keep, waits in seconds."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channels.domain.connection import MESSAGE_LENGTH
from shared.channels.domain.network_answers import (
    allowance_of,
    error_of,
    quote,
    wait_asked_for,
)
from shared.channels.domain.provider import Allowance, ErrorClass, Refused, Unanswered
from tests.unit.channels.answered import NOW, Answered


@pytest.mark.parametrize("status", [201, 202, 204, 206, 226, 299, 301, 302, 304, 308, 399])
def test_below_400_nobody_knows_what_was_done(status: int) -> None:
    error = error_of(Answered(status=status), "words")
    assert isinstance(error, Unanswered)
    assert (error.error_class, error.code) == (ErrorClass.PLATFORM, "MALFORMED_ANSWER")


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520, 530, 599, 999])
def test_from_500_on_nobody_knows_either(status: int) -> None:
    error = error_of(Answered(status=status), "words")
    assert isinstance(error, Unanswered)
    assert (error.error_class, error.code) == (ErrorClass.PLATFORM, "SERVER_ERROR")


def test_a_server_that_lost_its_patience_may_have_read_enough() -> None:
    assert isinstance(error_of(Answered(status=408), "words"), Unanswered)


@pytest.mark.parametrize(
    ("status", "error_class"),
    [
        (400, ErrorClass.CONTENT),
        (401, ErrorClass.AUTHENTICATION),
        (403, ErrorClass.PERMISSION),
        (404, ErrorClass.UNKNOWN),
        (413, ErrorClass.CONTENT),
        (420, ErrorClass.UNKNOWN),
        (422, ErrorClass.CONTENT),
        (429, ErrorClass.RATE_LIMIT),
        (499, ErrorClass.UNKNOWN),
    ],
)
def test_between_them_nothing_was_done(status: int, error_class: ErrorClass) -> None:
    error = error_of(Answered(status=status), "words")
    assert isinstance(error, Refused)
    assert (error.error_class, error.words) == (error_class, "words")


def test_a_wait_is_counted_from_the_answer() -> None:
    reset = {"x-ratelimit-reset": (NOW + timedelta(seconds=90)).isoformat()}
    error = error_of(Answered(status=429, headers=reset), "words")
    assert isinstance(error, Refused)
    assert error.retry_after == 90


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Text is too long", "Text is too long"),
        ("two\n lines\tand tabs", "two lines and tabs"),
        ("The token s3cret is gone", "The token [removed] is gone"),
        ("The token s3\0cr\x9det is gone", "The token [removed] is gone"),
        ("The password two  \n words is gone", "The password [removed] is gone"),
        ("half \ud83d a pair", "half a pair"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [removed]"),
        ("at ?access_token=abc&x=1", "at ?access_token=[removed]&x=1"),
        ("bad eyJhbGciOiJI.eyJzdWIiOjE.c2ln here", "bad [removed] here"),
    ],
)
def test_words_are_kept_without_secrets(words: str, kept: str) -> None:
    assert quote(words, secrets=["s3cret", "two  words", ""]) == kept


def test_words_are_cut_after_the_secrets_are_gone() -> None:
    quoted = quote("x" * (MESSAGE_LENGTH - 3) + "s3cret" + "y" * 99, secrets=["s3cret"])
    assert len(quoted) == MESSAGE_LENGTH
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


def until(**later: float) -> str:
    return (NOW + timedelta(**later)).isoformat()


UNIX = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("headers", "remaining", "seconds"),
    [
        ({"x-ratelimit-remaining": "7", "x-ratelimit-reset": "2026-03-01T12:05:00.25Z"}, 7, 300.25),
        ({"x-ratelimit-remaining": "-1", "x-ratelimit-reset": until(hours=3)}, 0, 3 * 3600),
        ({"ratelimit-remaining": "4997", "ratelimit-reset": f"{UNIX + 60}"}, 4997, 60),
        ({"ratelimit-remaining": " 3 ", "ratelimit-reset": "60"}, 3, 60),
        ({"ratelimit": "limit=100, remaining=50, reset=90"}, 50, 90),
        ({"ratelimit": "Limit=100,Reset = 90,Remaining = 5"}, 5, 90),
        ({"ratelimit-remaining": "0", "ratelimit-reset": f"{UNIX + 86_400}"}, 0, 86_400),
        (
            {"x-ratelimit-remaining": "?", "ratelimit-remaining": "2", "ratelimit-reset": "60"},
            2,
            60,
        ),
    ],
)
def test_an_allowance_is_understood(
    headers: dict[str, str], remaining: int, seconds: float
) -> None:
    assert allowance_of(Answered(status=200, headers=headers)) == Allowance(
        remaining=remaining, observed_at=NOW, resets_at=NOW + timedelta(seconds=seconds)
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ratelimit-remaining": "5"},
        {"ratelimit-reset": "60"},
        {"ratelimit-remaining": "many", "ratelimit-reset": "60"},
        {"ratelimit-remaining": "5.5", "ratelimit-reset": "60"},
        {"ratelimit-remaining": "5" * 10, "ratelimit-reset": "60"},
        {"ratelimit-remaining": "٣", "ratelimit-reset": "60"},
        {"ratelimit-remaining": "5", "ratelimit-reset": "soon"},
        {"ratelimit-remaining": "5", "ratelimit-reset": f"{UNIX - 1}"},
        {"ratelimit-remaining": "5", "ratelimit-reset": f"{UNIX + 86_401}"},
        {"ratelimit-remaining": "5", "ratelimit-reset": f"{(UNIX + 60) * 1000}"},
        {"ratelimit-remaining": "5", "ratelimit-reset": "0"},
        {"x-ratelimit-remaining": "5", "x-ratelimit-reset": until(seconds=-1)},
        {"ratelimit": "remaining=5"},
        {"ratelimit": "no"},
    ],
)
def test_an_allowance_that_means_nothing_is_none(headers: dict[str, str]) -> None:
    assert allowance_of(Answered(status=200, headers=headers)) is None


def test_an_allowance_is_counted_in_posts() -> None:
    headers = {"ratelimit-remaining": "11", "ratelimit-reset": "60"}
    allowance = allowance_of(Answered(status=200, headers=headers), cost=3)
    assert allowance is not None
    assert allowance.remaining == 3


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "77"}, 77),
        ({"ratelimit-remaining": "9", "ratelimit-reset": "60", "retry-after": "77"}, 77),
        ({"x-ratelimit-remaining": "2", "x-ratelimit-reset": until(minutes=5)}, 300),
        ({"x-ratelimit-reset": until(minutes=5)}, 300),
        ({}, None),
        ({"retry-after": "100000"}, None),
    ],
)
def test_whoever_is_refused_for_too_many_may_send_no_more(
    headers: dict[str, str], seconds: float | None
) -> None:
    allowance = allowance_of(Answered(status=429, headers=headers))
    assert allowance == (
        None
        if seconds is None
        else Allowance(remaining=0, observed_at=NOW, resets_at=NOW + timedelta(seconds=seconds))
    )


NAMES = [
    "retry-after",
    "ratelimit",
    *(
        f"{prefix}{name}"
        for prefix in ("x-ratelimit-", "ratelimit-")
        for name in ("remaining", "reset")
    ),
]
said = (
    st.text(max_size=40)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.datetimes().map(lambda each: each.isoformat())
    | st.from_regex(r"(Mon, )?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{0,9} [-+A-Z0-9]{0,6}")
    | st.from_regex(r"(remaining|reset)=[0-9]{0,12},? ?(remaining|reset)=[0-9]{0,12}")
)


@given(st.dictionaries(st.sampled_from(NAMES), said), st.sampled_from([200, 429, 500]))
def test_whatever_is_said_an_allowance_is_one_or_none(headers: dict[str, str], status: int) -> None:
    allowance = allowance_of(Answered(status=status, headers=headers), cost=3)
    if allowance is not None:
        assert 0 <= allowance.remaining < 10**9
        assert NOW < allowance.resets_at <= NOW + timedelta(hours=24)
