"""The AT Protocol: refusals by name, and record keys made from ours."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channels.domain.atproto import error_of, is_record_missing, is_token_refused, tid
from shared.channels.domain.provider import ErrorClass, Refused, Unanswered
from shared.kernel.ids import new_id
from tests.simulator.bluesky_rules import is_tid
from tests.unit.channels.answered import Answered

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def refused(status: int, name: str, message: str = "") -> Answered:
    return Answered(status=status, body=json.dumps({"error": name, "message": message}).encode())


@pytest.mark.parametrize(
    ("status", "name", "error_class"),
    [
        (400, "ExpiredToken", ErrorClass.AUTHENTICATION),
        (401, "AuthenticationRequired", ErrorClass.AUTHENTICATION),
        (400, "AccountTakedown", ErrorClass.PERMISSION),
        (401, "AccountDeactivated", ErrorClass.PERMISSION),
        (400, "InvalidRequest", ErrorClass.CONTENT),
        (429, "RateLimitExceeded", ErrorClass.RATE_LIMIT),
        (420, "Surprise", ErrorClass.UNKNOWN),
    ],
)
def test_a_refusal_goes_by_its_name(status: int, name: str, error_class: ErrorClass) -> None:
    error = error_of(refused(status, name, "in words"))
    assert isinstance(error, Refused)
    assert (error.error_class, error.words) == (error_class, "in words")


@pytest.mark.parametrize("status", [202, 302, 500, 502])
def test_a_name_makes_no_refusal_of_what_nobody_knows(status: int) -> None:
    assert isinstance(error_of(refused(status, "AuthMissing")), Unanswered)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"<html>"])
def test_a_refusal_without_words_says_its_status(body: bytes) -> None:
    assert error_of(Answered(status=418, body=body)).words == "HTTP 418"


def test_a_token_is_refused_in_two_ways() -> None:
    assert is_token_refused(refused(400, "ExpiredToken"))
    assert is_token_refused(refused(401, "Whatever"))
    assert not is_token_refused(refused(400, "InvalidRequest"))


def test_a_record_is_missing_in_two_ways() -> None:
    assert is_record_missing(refused(400, "RecordNotFound"))
    assert is_record_missing(refused(400, "InvalidRequest", "Could not locate record: at://x"))
    assert not is_record_missing(refused(400, "InvalidRequest", "Could not resolve"))
    assert not is_record_missing(refused(404, "RecordNotFound"))


@given(st.uuids())
def test_any_uuid_gives_a_valid_key_and_always_the_same(key: UUID) -> None:
    assert is_tid(tid(str(key)))
    assert tid(str(key)) == tid(str(key).upper())


def test_keys_made_in_one_instant_differ() -> None:
    ids = [str(new_id()) for _ in range(20_000)]
    assert len({tid(each) for each in ids}) == len(ids)


def test_a_key_tells_the_day_of_its_uuid() -> None:
    number = 0
    for digit in tid("01a1f937-b5fc-74fb-8317-81656206348c"):
        number = number * 32 + ALPHABET.index(digit)
    made = datetime.fromtimestamp((number >> 10) / 1_000_000, UTC)
    milliseconds = UUID("01a1f937-b5fc-74fb-8317-81656206348c").int >> 80
    assert made.date() == datetime.fromtimestamp(milliseconds / 1000, UTC).date()
