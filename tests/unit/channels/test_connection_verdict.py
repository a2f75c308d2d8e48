"""Which of a network's answers judge the credentials, and which only the moment."""

import pytest

from shared.channels.domain.provider import ErrorClass, ProviderError, Refused, Unanswered
from shared.channels.domain.verdict import is_verdict, refusal
from shared.kernel.errors import RuleViolation, Unavailable

JUDGING = {
    ErrorClass.AUTHENTICATION,
    ErrorClass.PERMISSION,
    ErrorClass.CONTENT,
    ErrorClass.MEDIA,
    ErrorClass.UNKNOWN,
}


@pytest.mark.parametrize("error_class", ErrorClass)
def test_a_refusal(error_class: ErrorClass) -> None:
    error = Refused(error_class, "CODE", "the network's words")
    assert is_verdict(error) == (error_class in JUDGING)
    expected = RuleViolation if error_class in JUDGING else Unavailable
    assert type(refusal(error)) is expected
    assert refusal(error).meta == {
        "error_class": error_class,
        "code": "CODE",
        "words": "the network's words",
    }


@pytest.mark.parametrize("error_class", ErrorClass)
def test_silence_is_never_a_verdict(error_class: ErrorClass) -> None:
    error: ProviderError = Unanswered(error_class, "CODE", "words")
    assert not is_verdict(error)
    assert refusal(error).code == "CHANNEL_UNAVAILABLE"


def test_the_networks_wish_is_passed_on() -> None:
    error = Refused(ErrorClass.RATE_LIMIT, "CODE", "words", retry_after=30)
    meta = refusal(error).meta
    assert meta is not None
    assert meta["retry_after"] == 30
