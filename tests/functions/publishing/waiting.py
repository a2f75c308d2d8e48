"""Schedules of one connection that must wait for each other, and what is seen of them."""

from datetime import datetime, timedelta
from typing import Any

from tests.author import Author
from tests.line import make_due


def several(author: Author, connection: str, count: int) -> list[str]:
    """Schedules that are due, the first one first."""
    schedules = []
    for number in range(count):
        _, variant = author.write(f"Post number {number}")
        schedules.append(author.schedule(variant, connection))
    for number, schedule in enumerate(schedules):
        make_due(schedule, late=timedelta(seconds=count - number))
    return schedules


def policy(author: Author, connection: str, **changes: int) -> None:
    answer = author.api.patch(f"/channels/connections/{connection}", changes)
    assert answer.status == 200, answer.content


def shown(author: Author, schedules: list[str]) -> list[dict[str, Any]]:
    return [author.look(schedule)["schedule"] for schedule in schedules]


def words(schedules: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(each["status"], each["waiting_reason"]) for each in schedules]


def planned(schedules: list[dict[str, Any]]) -> list[datetime]:
    return [datetime.fromisoformat(each["planned_at"]) for each in schedules]
