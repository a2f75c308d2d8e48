"""What X's answers mean."""

import json
from datetime import timedelta

import pytest

from shared.channels.domain.provider import ErrorClass, Refused, Unanswered
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED
from shared.channels.domain.x.answers import allowance_of, error_of
from tests.unit.channels.answered import NOW, Answered


def window(name: str, remaining: object, seconds: float) -> dict[str, str]:
    reset = int((NOW + timedelta(seconds=seconds)).timestamp())
    return {f"{name}-remaining": str(remaining), f"{name}-reset": str(reset)}


QUARTER, DAY = "x-rate-limit", "x-user-limit-24hour"


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, None),
        (window(QUARTER, 7, 600), (7, 600)),
        (window(QUARTER, 7, 600) | window(DAY, 3, 9000), (3, 9000)),
        (window(QUARTER, 2, 600) | window(DAY, 30, 9000), (2, 600)),
        (window(QUARTER, 5, 600) | window(DAY, 5, 9000), (5, 9000)),
        (window(QUARTER, -1, 600), None),
        (window(QUARTER, "many", 600), None),
        (window(QUARTER, 7, -600), None),
        (window(QUARTER, 7, 90_001), None),
        ({f"{QUARTER}-remaining": "7"}, None),
        ({f"{QUARTER}-remaining": "7", f"{QUARTER}-reset": "9" * 30}, None),
    ],
)
def test_the_nearest_limit_is_the_allowance(
    headers: dict[str, str], said: tuple[int, int] | None
) -> None:
    allowance = allowance_of(Answered(status=201, headers=headers))
    if said is None:
        assert allowance is None
    else:
        assert allowance is not None
        wait = allowance.resets_at - allowance.observed_at
        assert (allowance.remaining, wait.total_seconds()) == said


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        (window(QUARTER, 0, 600), 600),
        (window(QUARTER, 4, 600) | window(DAY, 0, 9000), 9000),
        (window(QUARTER, 0, 600) | window(DAY, 0, 9000), 9000),
        (window(QUARTER, 0, 600) | window(DAY, 20, 9000), 600),
        (window(QUARTER, 4, 600), 600),
        ({"retry-after": "5"}, 5),
        ({}, None),
    ],
)
def test_too_many_wait_for_what_is_used_up(headers: dict[str, str], wait: float | None) -> None:
    answer = Answered(status=429, headers=headers)
    error = error_of(answer, renewable=True)
    assert isinstance(error, Refused)
    assert (error.error_class, error.retry_after) == (ErrorClass.RATE_LIMIT, wait)
    allowance = allowance_of(answer)
    assert allowance is None or allowance.remaining == 0


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (400, {"title": "Invalid Request"}, (ErrorClass.CONTENT, "CONTENT_REFUSED")),
        (401, {"title": "Unauthorized"}, (ErrorClass.AUTHENTICATION, CREDENTIALS_EXPIRED)),
        (402, {"title": "CreditsDepleted"}, (ErrorClass.QUOTA, "USAGE_CAPPED")),
        (
            403,
            {"detail": "You are not permitted to perform this action."},
            (ErrorClass.PERMISSION, "NOT_PERMITTED"),
        ),
        (
            403,
            {"detail": "You are not allowed to create a Tweet with duplicate content."},
            (ErrorClass.CONTENT, "DUPLICATE_CONTENT"),
        ),
        (
            403,
            {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."},
            (ErrorClass.CONTENT, "PARENT_MISSING"),
        ),
        (
            403,
            {"type": "https://api.x.com/2/problems/client-forbidden", "detail": "Enrol first"},
            (ErrorClass.PERMISSION, "NOT_PERMITTED"),
        ),
        (
            429,
            {"type": "https://api.twitter.com/2/problems/usage-capped", "detail": "Monthly cap"},
            (ErrorClass.QUOTA, "USAGE_CAPPED"),
        ),
    ],
)
def test_a_refusal_has_its_class(
    status: int, said: dict[str, str], expected: tuple[ErrorClass, str]
) -> None:
    error = error_of(Answered(status=status, body=json.dumps(said).encode()), renewable=True)
    assert isinstance(error, Refused)
    assert (error.error_class, error.code) == expected
    assert error.words == said.get("detail", said.get("title"))


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"errors": 5}', b'{"errors": [5]}', b"5"]
)
def test_nonsense_is_still_a_refusal(body: bytes) -> None:
    error = error_of(Answered(status=403, body=body), renewable=True)
    assert (error.error_class, error.words) == (ErrorClass.PERMISSION, "HTTP 403")


def test_with_nothing_to_renew_by_a_refused_token_is_final() -> None:
    error = error_of(Answered(status=401), renewable=False)
    assert (error.error_class, error.code) == (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED")


def test_what_a_duplicate_is_called_in_a_servers_error_decides_nothing() -> None:
    body = b'{"detail": "duplicate content"}'
    assert isinstance(error_of(Answered(status=503, body=body), renewable=True), Unanswered)
