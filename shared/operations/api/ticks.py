"""What a timer tells whoever watches over it, each time it goes off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from shared.infrastructure.database import transaction
from shared.operations.adapters.tick_tables import ticks
from shared.operations.domain.health import SCANNER

__all__ = ["SCANNER", "note_tick"]


def note_tick(
    timer: str, at: datetime, *, next_due_at: datetime | None, queues: Sequence[str]
) -> None:
    """In a transaction of its own; `queues` are those that it fills.

    Raises:
        Unavailable: `DATABASE_UNAVAILABLE`.
    """
    noted = insert(ticks).values(
        timer=timer, ticked_at=at, next_due_at=next_due_at, queues=list(queues)
    )
    said = noted.excluded
    with transaction() as session:
        session.execute(
            noted.on_conflict_do_update(
                index_elements=[ticks.c.timer],
                set_={
                    "ticked_at": func.greatest(ticks.c.ticked_at, said.ticked_at),
                    "next_due_at": said.next_due_at,
                    "queues": said.queues,
                },
            )
        )
