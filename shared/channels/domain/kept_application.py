"""As what a network knows us, as it is kept: an organization's own, or everybody's.

Everybody's is used where the organization has none of its own. Some of it root keeps, one a
channel; some of it we made known ourselves, one for each server and address to come back to.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.channels.domain.authorization import Application
from shared.channels.domain.sealed import Seal, Sealed
from shared.kernel.ids import OrganizationId, new_id

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

    @classmethod
    def new(
        cls,
        application: Application,
        seal: Seal,
        now: datetime,
        *,
        channel: str,
        organization_id: OrganizationId | None = None,
        created_by: UUID | None = None,
        redirect_uri: str | None = None,
    ) -> Self:
        """One that was not known before, everybody's where nobody is named."""
        application_id = new_id()
        return cls(
            id=application_id,
            organization_id=organization_id,
            created_by=created_by,
            channel=channel,
            server=application.server,
            redirect_uri=redirect_uri,
            client_id_masked=masked(application.client_id),
            sealed=seal(application_id, application.secrets),
            created_at=now,
            updated_at=now,
        )

    def replaced(self, application: Application, seal: Seal, now: datetime) -> Self:
        """The same place with other credentials."""
        return replace(
            self,
            server=application.server,
            client_id_masked=masked(application.client_id),
            sealed=seal(self.id, application.secrets),
            updated_at=now,
        )


def masked(client_id: str) -> str:
    """Enough to know it by: ``abcdefgh...wxyz``, and less of a short one."""
    if len(client_id) >= _FRONT + _HIDDEN + _BACK:
        return f"{client_id[:_FRONT]}...{client_id[-_BACK:]}"
    if len(client_id) >= _HIDDEN + _BACK:
        return f"...{client_id[-_BACK:]}"
    return "..."
