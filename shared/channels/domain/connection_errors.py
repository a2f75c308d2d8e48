"""What a network's "no" means to whoever connects or tests an account."""

from shared.channels.domain.oauth_tokens import SCOPES_MISSING
from shared.channels.domain.provider import ErrorClass, ProviderError, Refused
from shared.kernel.errors import Conflict, DomainError, RuleViolation, Unavailable

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


def consent_error(error: ProviderError) -> DomainError:
    """The same where a person has said yes at the network, and come back with a code.

    `SCOPES_MISSING` where they have allowed less than was asked for, `OAUTH_FAILED` for another
    judgement, else `CHANNEL_UNAVAILABLE`.
    """
    if not judges_credentials(error):
        return connection_error(error)
    if error.code == SCOPES_MISSING:
        return RuleViolation(
            SCOPES_MISSING,
            "Less was allowed at the network than is needed: connect anew and allow all of it",
            meta=facts_of(error),
        )
    return RuleViolation(
        "OAUTH_FAILED",
        "The network does not let us in with what came back: connect anew",
        meta=facts_of(error),
    )


def registration_error(error: ProviderError) -> DomainError:
    """The same where a server is asked to know us: `OAUTH_FAILED` for a judgement."""
    if not judges_credentials(error):
        return connection_error(error)
    return RuleViolation(
        "OAUTH_FAILED",
        "This server does not want to know us",
        field="server",
        meta=facts_of(error),
    )


def asking_error(error: ProviderError) -> DomainError:
    """The same where a connected account has asked for something.

    `ARGUMENTS_REFUSED` where it is what was asked, `CONNECTION_REFUSED` for another judgement, else
    `CHANNEL_UNAVAILABLE`.
    """
    if not judges_credentials(error):
        return connection_error(error)
    if error.error_class in {ErrorClass.CONTENT, ErrorClass.MEDIA}:
        words = "The network does not take what was asked"
        return RuleViolation("ARGUMENTS_REFUSED", words, meta=facts_of(error))
    words = "The network does not let this account ask: test the connection or connect it again"
    return Conflict("CONNECTION_REFUSED", words, meta=facts_of(error))
