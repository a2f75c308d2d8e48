"""How the networks of Meta refuse, by code and subcode."""

import json
from typing import Any

import pytest

from shared.channels.domain.meta.answers import error_of, said
from shared.channels.domain.provider import ErrorClass, Refused, Unanswered
from tests.unit.channels.answered import Answered


def refused(code: int, subcode: int | None = None, status: int = 400, **headers: str) -> Any:
    error: dict[str, Any] = {"message": "No", "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return Answered(status=status, headers=headers, body=json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("code", "subcode", "error_class", "name"),
    [
        (4, None, ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
        (4, 2207051, ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),
        (9, 2207042, ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
        (10, None, ErrorClass.PERMISSION, "NOT_PERMITTED"),
        (17, None, ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
        (24, 2207006, ErrorClass.CONTENT, "PARENT_MISSING"),
        (24, 2207008, ErrorClass.PLATFORM, "NOT_FINISHED"),
        (25, 2207050, ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),
        (32, None, ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
        (100, None, ErrorClass.CONTENT, "CONTENT_REFUSED"),
        (100, 33, ErrorClass.CONTENT, "PARENT_MISSING"),
        (100, 2207028, ErrorClass.MEDIA, "MEDIA_REFUSED"),
        (102, None, ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
        (190, 460, ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
        (200, None, ErrorClass.PERMISSION, "NOT_PERMITTED"),
        (299, None, ErrorClass.PERMISSION, "NOT_PERMITTED"),
        (324, 1366046, ErrorClass.MEDIA, "MEDIA_REFUSED"),
        (352, 2207026, ErrorClass.MEDIA, "MEDIA_REFUSED"),
        (368, None, ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),
        (506, None, ErrorClass.CONTENT, "DUPLICATE_CONTENT"),
        (613, None, ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
        (6001, 1363019, ErrorClass.MEDIA, "MEDIA_REFUSED"),
        (9004, 2207052, ErrorClass.MEDIA, "MEDIA_UNREACHABLE"),
        (9007, 2207027, ErrorClass.PLATFORM, "NOT_FINISHED"),
        (36000, 2207004, ErrorClass.MEDIA, "MEDIA_REFUSED"),
        (36004, 2207010, ErrorClass.CONTENT, "CONTENT_REFUSED"),
        (80001, None, ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
        (-2, 2207003, ErrorClass.NETWORK, "MEDIA_UNREACHABLE"),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403])
def test_a_code_has_its_class(
    code: int, subcode: int | None, error_class: ErrorClass, name: str, status: int
) -> None:
    """An error inside a 200 as well."""
    with pytest.raises(Refused) as caught:
        said(refused(code, subcode, status))
    assert (caught.value.error_class, caught.value.code) == (error_class, name)


@pytest.mark.parametrize("code", [-1, 1, 2])
@pytest.mark.parametrize("status", [200, 400, 500])
def test_of_some_errors_nobody_knows_what_was_done(code: int, status: int) -> None:
    assert isinstance(error_of(refused(code, status=status)), Unanswered)


def test_a_token_that_can_be_renewed_asks_for_it() -> None:
    assert error_of(refused(190), renewable=True).code == "CREDENTIALS_EXPIRED"


def test_a_business_use_case_tells_in_minutes_how_long_to_wait() -> None:
    usage = {"1": [{"estimated_time_to_regain_access": 3}], "2": [{"call_count": 5}]}
    error = error_of(refused(32, **{"x-business-use-case-usage": json.dumps(usage)}))
    assert isinstance(error, Refused)
    assert error.retry_after == 180
    assert error.allowance is not None
    assert error.allowance.remaining == 0


@pytest.mark.parametrize("usage", ["", "[]", "{", '{"1": 5}', '{"1": [{}]}'])
def test_a_usage_that_cannot_be_understood_says_nothing(usage: str) -> None:
    error = error_of(refused(32, **{"x-business-use-case-usage": usage}))
    assert isinstance(error, Refused)
    assert error.retry_after is None


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"<html>"])
def test_a_success_that_cannot_be_understood_is_none(body: bytes) -> None:
    with pytest.raises(Unanswered):
        said(Answered(status=200, body=body))
