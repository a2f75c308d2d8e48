"""Which of a network's answers judge the credentials, and which only the moment."""

import pytest

from shared.channels.domain.connection_errors import connection_error, judges_credentials
from shared.channels.domain.provider import ErrorClass, ProviderError, Refused, Unanswered
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
    assert judges_credentials(error) == (error_class in JUDGING)
    expected = RuleViolation if error_class in JUDGING else Unavailable
    assert type(connection_error(error)) is expected
    assert connection_error(error).meta == {
        "error_class": error_class,
        "code": "CODE",
        "words": "the network's words",
    }


@pytest.mark.parametrize("error_class", ErrorClass)
def test_silence_judges_nothing(error_class: ErrorClass) -> None:
    error: ProviderError = Unanswered(error_class, "CODE", "words")
    assert not judges_credentials(error)
    assert connection_error(error).code == "CHANNEL_UNAVAILABLE"


def test_the_networks_wish_is_passed_on() -> None:
    error = Refused(ErrorClass.RATE_LIMIT, "CODE", "words", retry_after=30)
    meta = connection_error(error).meta
    assert meta is not None
    assert meta["retry_after"] == 30
