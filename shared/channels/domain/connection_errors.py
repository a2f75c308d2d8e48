"""What a network's "no" means to whoever connects or tests an account."""

from shared.channels.domain.provider import ErrorClass, ProviderError, Refused
from shared.kernel.errors import DomainError, RuleViolation, Unavailable

_PASSING = {ErrorClass.NETWORK, ErrorClass.PLATFORM, ErrorClass.RATE_LIMIT, ErrorClass.QUOTA}


def judges_credentials(error: ProviderError) -> bool:
    """Whether the network judged the credentials; otherwise trying again may help."""
    return isinstance(error, Refused) and error.error_class not in _PASSING


def connection_error(error: ProviderError) -> DomainError:
    """`CONNECTION_REFUSED` for a judgement, else `CHANNEL_UNAVAILABLE`; in the network's words."""
    meta = facts_of(error)
    if judges_credentials(error):
        return RuleViolation(
            "CONNECTION_REFUSED",
            "The network refuses these credentials",
            field="credentials",
            meta=meta,
        )
    return Unavailable(
        "CHANNEL_UNAVAILABLE", "The network gave no usable answer: try again later", meta=meta
    )


def facts_of(error: ProviderError) -> dict[str, object]:
    """What of it may be told to whoever asked."""
    facts: dict[str, object] = {
        "error_class": error.error_class,
        "code": error.code,
        "words": error.words,
    }
    if isinstance(error, Refused) and error.retry_after is not None:
        facts["retry_after"] = error.retry_after
    return facts
