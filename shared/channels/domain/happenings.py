"""What happens to accounts, told to whoever wants to know."""

from datetime import datetime
from uuid import UUID

from shared.channels.domain.connection import Connection
from shared.kernel.happenings import Happened, Happening


def happened_to(
    connection: Connection, what: Happening, *, by: UUID | None, at: datetime
) -> Happened:
    """`by` is nobody where a network did it, or we ourselves."""
    return Happened(
        what=what,
        organization_id=connection.organization_id,
        subject_id=connection.id,
        actor_id=by,
        at=at,
        details={"channel": connection.channel},
    )
