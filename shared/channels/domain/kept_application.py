"""As what a network knows us, as it is kept: an organization's own, or everybody's.

Everybody's is used where the organization has none of its own. Some of it root keeps, one a
channel; some of it we made known ourselves, one for each server and address to come back to.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.channels.domain.sealed import Sealed
from shared.kernel.ids import OrganizationId

SERVER_LENGTH = 255

_FRONT, _BACK = 8, 4
_HIDDEN = 6
"""So many letters at least stay hidden, or else all of them are."""


@dataclass(frozen=True, kw_only=True)
class KeptApplication:
    """`organization_id` and `created_by` are nobody's where it is everybody's.

    `server` is as in `Application`. `redirect_uri` is of those that we made known ourselves.
    """

    id: UUID
    organization_id: OrganizationId | None
    created_by: UUID | None
    channel: str
    server: str
    redirect_uri: str | None
    client_id_masked: str
    sealed: Sealed
    created_at: datetime
    updated_at: datetime

    def replaced(self, *, server: str, client_id: str, sealed: Sealed, now: datetime) -> Self:
        """The same with other credentials, sealed for its id."""
        return replace(
            self,
            server=server,
            client_id_masked=masked(client_id),
            sealed=sealed,
            updated_at=now,
        )


def masked(client_id: str) -> str:
    """Enough to know it by: ``abcdefgh...wxyz``, and less of a short one."""
    if len(client_id) >= _FRONT + _HIDDEN + _BACK:
        return f"{client_id[:_FRONT]}...{client_id[-_BACK:]}"
    if len(client_id) >= _HIDDEN + _BACK:
        return f"...{client_id[-_BACK:]}"
    return "..."
