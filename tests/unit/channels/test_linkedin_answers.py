"""What LinkedIn's answers mean."""

import json
from datetime import UTC, datetime

import pytest

from shared.channels.domain.linkedin.answers import error_of
from shared.channels.domain.provider import ErrorClass, Refused, Unanswered
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED
from tests.unit.channels.answered import NOW, Answered

DUPLICATE = {
    "message": "Content is a duplicate of urn:li:share:7141138937766391808",
    "errorDetails": {"inputErrors": [{"input": {}, "code": "DUPLICATE_POST"}]},
}


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (400, {"message": "no"}, (ErrorClass.CONTENT, "CONTENT_REFUSED")),
        (401, {"message": "no"}, (ErrorClass.AUTHENTICATION, CREDENTIALS_EXPIRED)),
        (403, {"message": "no"}, (ErrorClass.PERMISSION, "NOT_PERMITTED")),
        (422, {"message": "no"}, (ErrorClass.CONTENT, "CONTENT_REFUSED")),
        (422, DUPLICATE, (ErrorClass.CONTENT, "DUPLICATE_CONTENT")),
        (426, {"message": "no"}, (ErrorClass.PLATFORM, "VERSION_SUNSET")),
        (429, {"message": "no"}, (ErrorClass.RATE_LIMIT, "RATE_LIMITED")),
    ],
)
def test_a_refusal_has_its_class(
    status: int, said: dict[str, object], expected: tuple[ErrorClass, str]
) -> None:
    error = error_of(Answered(status=status, body=json.dumps(said).encode()), renewable=True)
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == expected
    assert error.words == said["message"]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b"[]", b'{"errorDetails": 5}', b'{"errorDetails": {"inputErrors": 5}}'),
        *(b'{"errorDetails": {"inputErrors": [5]}}', b"null"),
    ],
)
def test_nonsense_is_still_a_refusal(body: bytes) -> None:
    error = error_of(Answered(status=422, body=body), renewable=True)
    assert (error.error_class, error.words) == (ErrorClass.CONTENT, "HTTP 422")


@pytest.mark.parametrize("limit", ["MEMBER DAY limit", "APPLICATION DAY limit", "DAY limit"])
def test_a_days_limit_ends_at_midnight(limit: str) -> None:
    words = f"Resource level throttle {limit} for calls to this resource is reached."
    body = json.dumps({"message": words}).encode()
    error = error_of(Answered(status=429, body=body), renewable=True)
    assert isinstance(error, Refused)
    assert error.retry_after == 12 * 3600
    assert error.allowance is not None
    assert (error.allowance.remaining, error.allowance.observed_at) == (0, NOW)
    assert error.allowance.resets_at == datetime(2026, 3, 2, tzinfo=UTC)


def test_any_other_limit_says_nothing_of_when() -> None:
    error = error_of(Answered(status=429), renewable=True)
    assert isinstance(error, Refused)
    assert (error.retry_after, error.allowance) == (None, None)


def test_with_nothing_to_renew_by_a_refused_token_is_final() -> None:
    error = error_of(Answered(status=401), renewable=False)
    assert (error.error_class, error.code) == (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED")


def test_a_servers_error_decides_nothing() -> None:
    assert isinstance(error_of(Answered(status=500), renewable=True), Unanswered)
