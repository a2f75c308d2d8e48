"""Credentials that expire: who renews them, when, and when it is tried again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable
from uuid import UUID

from shared.channels.domain.provider import ErrorClass, Http, ProviderError, Refused

CREDENTIALS_EXPIRED = "CREDENTIALS_EXPIRED"
"""The code of a refusal that renewing the credentials will mend."""

LEASE = timedelta(minutes=2)
"""How long a renewal is one worker's alone. Longer than the function's timeout, so that it lapses
only when whoever held it is gone."""

EARLIEST, LATEST = 0.5, 0.75
"""Parts of their life after which credentials are renewed; each connection has its own between."""
MARGIN = timedelta(minutes=10)
"""What is left of their life at least, unless half of it is less."""
SHORTEST = timedelta(minutes=1)
"""No credentials are renewed more often, however short their life."""

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
)
LONGEST_WISH = timedelta(hours=24)
"""A network that wishes for more is asked again after this."""

_JUDGING = frozenset({ErrorClass.AUTHENTICATION, ErrorClass.PERMISSION})
_STEPS = 1000


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """Credentials in the place of those that are about to expire, or have."""

    credentials: Mapping[str, str] = field(repr=False)
    expires_at: datetime


@runtime_checkable
class Renewable(Protocol):
    """What a provider is besides, whose credentials expire.

    Where a token is refused, be it before its time, `publish` and `find` raise `Refused` of the
    class authentication with the code `CREDENTIALS_EXPIRED`; whoever called asks for a renewal.
    """

    async def refresh(self, http: Http, credentials: Mapping[str, str]) -> Renewal:
        """Renew the credentials, whether they have expired yet or not.

        The answer may be lost, or whoever got it may die before it is stored; then the same
        credentials come here again. A provider says what that costs.

        Credentials that nothing can renew come here when they have expired, to be refused: that is
        how a person is told.

        Raises:
            Refused: class authentication or permission where only a person can help.
            Unanswered: no trustworthy answer.
        """


def renewed_at(expires_at: datetime, *, now: datetime, connection_id: UUID) -> datetime:
    """When to renew credentials that were given now: well ahead, and not all accounts at once."""
    life = expires_at - now
    share = EARLIEST + (LATEST - EARLIEST) * (connection_id.int % _STEPS) / _STEPS
    wait = max(life * EARLIEST, min(life * share, life - MARGIN))
    return now + max(wait, SHORTEST)


def tried_again_at(failed: int, error: ProviderError, *, now: datetime) -> datetime:
    """When to try again after so many failures on end; a network's longer wish wins, in reason."""
    own = BACK_OFF[min(failed, len(BACK_OFF)) - 1]
    seconds = error.retry_after if isinstance(error, Refused) else None
    if seconds is None or not seconds > 0:
        return now + own
    wish = timedelta(seconds=min(seconds, LONGEST_WISH.total_seconds()))
    return now + max(own, wish)


def only_a_person_helps(error: ProviderError) -> bool:
    """Whether the network itself has said no to the credentials; all else passes."""
    return isinstance(error, Refused) and error.error_class in _JUDGING
