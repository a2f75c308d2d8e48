"""The AT Protocol: refusals by name, and record keys made from ours."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.channels.domain.bluesky.atproto import (
    error_of,
    expiry_of,
    is_record_missing,
    session_of,
    tid,
)
from shared.channels.domain.provider import ErrorClass, Refused, Unanswered
from shared.kernel.ids import new_id
from tests.simulator.bluesky.rules import is_tid
from tests.unit.channels.answered import NOW, Answered

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


@pytest.mark.parametrize(
    ("status", "name", "code"),
    [
        (400, "ExpiredToken", "CREDENTIALS_EXPIRED"),
        (401, "ExpiredToken", "CREDENTIALS_EXPIRED"),
        (400, "InvalidToken", "CREDENTIALS_EXPIRED"),
        (401, "Whatever", "CREDENTIALS_EXPIRED"),
        (401, "AuthenticationRequired", "CREDENTIALS_REFUSED"),
        (401, "AuthMissing", "CREDENTIALS_REFUSED"),
        (401, "AccountTakedown", "ACCOUNT_UNAVAILABLE"),
        (400, "InvalidRequest", "CONTENT_REFUSED"),
    ],
)
def test_only_a_token_that_was_refused_is_worth_renewing(status: int, name: str, code: str) -> None:
    assert error_of(refused(status, name)).code == code


def token(claims: object) -> str:
    parts = (json.dumps({"alg": "HS256"}), json.dumps(claims))
    encoded = (base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
    return ".".join([*encoded, "signature"])


def session(access: object, refresh: object = "eyJ.b.c") -> Answered:
    made = {"did": "did:plc:a", "handle": "a.test", "accessJwt": access, "refreshJwt": refresh}
    return Answered(status=200, body=json.dumps(made).encode())


def test_a_token_says_when_it_expires() -> None:
    assert expiry_of(token({"exp": 1_800_000_000})) == datetime.fromtimestamp(1_800_000_000, UTC)
    assert expiry_of(token({"exp": 1_800_000_000.5})) is not None


@pytest.mark.parametrize(
    "opaque",
    [
        "",
        "opaque",
        "a.b.c",
        "a.%.c",
        "é.é.é",
        token({}),
        token([]),
        token(None),
        token({"exp": None}),
        token({"exp": "soon"}),
        token({"exp": 1e300}),
        token({"exp": float("inf")}),
        token({"exp": float("nan")}),
        token({"exp": [1]}),
        "a." + base64.urlsafe_b64encode(b"[" * 100_000).decode() + ".c",
    ],
)
def test_a_token_that_says_nothing_of_it(opaque: str) -> None:
    assert expiry_of(opaque) is None


@given(st.text())
def test_no_token_is_too_odd(odd: str) -> None:
    expiry_of(odd)
    expiry_of(f"a.{base64.urlsafe_b64encode(odd.encode(errors='replace')).decode()}.c")


def test_a_session_is_added_to_the_credentials() -> None:
    ends = NOW + timedelta(hours=1)
    access = token({"exp": ends.timestamp()})
    renewal = session_of(session(access), {"app_password": "p", "access_token": "old"})
    assert renewal.expires_at == ends
    assert renewal.credentials == {
        "app_password": "p",
        "did": "did:plc:a",
        "handle": "a.test",
        "access_token": access,
        "refresh_token": "eyJ.b.c",
    }


@pytest.mark.parametrize("exp", [0, (NOW - timedelta(seconds=1)).timestamp(), None])
def test_an_end_that_cannot_be_is_not_believed(exp: float | None) -> None:
    renewal = session_of(session(token({"exp": exp})), {})
    assert renewal.expires_at == NOW + timedelta(hours=2)


@pytest.mark.parametrize("access", [None, 5, "", ["eyJ"], {}])
def test_a_session_without_tokens_is_none(access: object) -> None:
    for answer in (session(access), session("a.b.c", access), Answered(status=200, body=b"[]")):
        with pytest.raises(Unanswered):
            session_of(answer, {})


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
