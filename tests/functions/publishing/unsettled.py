"""Schedules whose outcome nobody knows."""

from uuid import UUID

from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.line import Line, make_due


def leave_unknown(line: Line, *schedules: str) -> None:
    """Let publishers die over schedules until nobody looks any more."""
    for schedule in schedules:
        make_due(schedule)
    line.scan()
    line.start_and_die()
    with engine().begin() as database:
        database.execute(
            text("UPDATE schedules SET attempts_allowed = attempt_count - 1 WHERE id = ANY(:ids)"),
            {"ids": [UUID(schedule) for schedule in schedules]},
        )
    for schedule in schedules:
        make_due(schedule)
    line.run()
