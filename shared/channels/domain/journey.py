"""Somebody's way to a network and back, to connect accounts by OAuth.

    away → over                 they come back with a code, and it was one account
    away → choosing → over      the network offers several: they say which

Each stage is taken once: whoever brings the same again finds nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.channels.domain.sealed import Sealed
from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId

AWAY_LASTS = timedelta(minutes=5)
"""How long somebody may be at the network."""
CHOICE_LASTS = timedelta(minutes=10)
"""How long somebody may take to choose; what the network gave is kept no longer."""
REDIRECT_LENGTH = 500


class Stage(StrEnum):
    AWAY = "away"
    CHOOSING = "choosing"


@dataclass(kw_only=True, eq=False)
class Journey:
    """`created_by` is who began; `channel_connection_id` is the connection they want mended.

    `secret_hash` is of the state they are away with, `browser_hash` of what their browser keeps.
    `sealed_text` holds the code verifier while they are away, then what there is to choose from.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    channel: str
    state: Stage
    application_id: UUID
    channel_connection_id: UUID | None
    secret_hash: str | None
    browser_hash: str
    redirect_uri: str
    display_name: str | None
    sealed_text: bytes = field(repr=False)
    sealed_key_id: str
    created_at: datetime
    expires_at: datetime

    @property
    def sealed(self) -> Sealed:
        return Sealed(key_id=self.sealed_key_id, text=self.sealed_text)

    def choosing(self, offered: Sealed, now: datetime) -> "Journey":
        """What follows once it is over, where there is something to choose."""
        return Journey(
            id=self.id,
            organization_id=self.organization_id,
            created_by=self.created_by,
            channel=self.channel,
            state=Stage.CHOOSING,
            application_id=self.application_id,
            channel_connection_id=None,
            secret_hash=None,
            browser_hash=self.browser_hash,
            redirect_uri=self.redirect_uri,
            display_name=None,
            sealed_text=offered.text,
            sealed_key_id=offered.key_id,
            created_at=now,
            expires_at=now + CHOICE_LASTS,
        )


def demand_fit_to_return(redirect_uri: str, *, callback: str, origin: str) -> str:
    """An address a network may send people back to: our own callback, or a page of the front end.

    `origin` is the front end's, as browsers write it. Whatever else a browser might take for it
    (another host behind an at sign or a backslash, a control character) is none.

    Raises:
        RuleViolation: `VALIDATION_ERROR`.
    """
    if redirect_uri == callback:
        return redirect_uri
    is_plain = redirect_uri.isascii() and redirect_uri.isprintable()
    begins_there = redirect_uri == origin or redirect_uri.startswith(f"{origin}/")
    if (
        not is_plain
        or not begins_there
        or len(redirect_uri) > REDIRECT_LENGTH
        or set(redirect_uri) & set(' "#<>\\^`{|}')
    ):
        raise RuleViolation(
            "VALIDATION_ERROR",
            "This is neither the callback of this API nor a page of the front end",
            field="redirect_uri",
        )
    return redirect_uri


def demand_known_place(redirect_uri: str, known: Collection[str]) -> None:
    """Refuse any but few addresses where each is told to a server, and what it says of us kept.

    Raises:
        RuleViolation: `VALIDATION_ERROR`.
    """
    if redirect_uri not in known:
        raise RuleViolation(
            "VALIDATION_ERROR",
            f"From a server of this channel one comes back to one of {', '.join(sorted(known))}",
            field="redirect_uri",
        )
