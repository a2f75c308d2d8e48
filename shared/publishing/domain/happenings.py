"""What happens to schedules, told to whoever wants to know."""

from datetime import datetime
from typing import Any
from uuid import UUID

from shared.kernel.happenings import Happened, Happening
from shared.publishing.domain.schedule import Schedule


def happened_to(
    schedule: Schedule, what: Happening, *, at: datetime, by: UUID | None, **details: Any
) -> Happened:
    """`by` is the actor, nobody where the engine did it."""
    return Happened(
        what=what,
        subject_id=schedule.id,
        organization_id=schedule.organization_id,
        post_id=schedule.post_id,
        at=at,
        actor_id=by,
        details=details,
    )
