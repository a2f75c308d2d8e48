"""Several people and the planner at one series, at the same moment."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.author import Author
from tests.functions.publishing.series import change, recurring, rows, run_planner, status_of
from tests.simultaneously import simultaneously

pytestmark = pytest.mark.usefixtures("noon")


@pytest.mark.parametrize("_", range(3))
def test_everybody_at_once_leaves_each_occurrence_once(author: Author, _: int) -> None:
    series = recurring(author)
    path = f"/recurrences/{series['id']}"
    change("UPDATE recurrences SET planned_until = created_at")
    first = series["next_occurrences"][0]["schedule_id"]
    calls: list[Callable[[], Any]] = [
        lambda: author.api.patch(path, {"rule": "FREQ=WEEKLY"}).status,
        lambda: author.api.post(f"{path}/pause").status,
        lambda: author.api.post(f"{path}/resume").status,
        lambda: author.api.post(f"/schedules/{first}/cancel").status,
        run_planner,
    ]
    answers = simultaneously(calls)
    assert set(answers[:3]) == {200}
    assert answers[3] in {200, 404, 409}
    assert max(Counter(row.occurrence_at for row in rows(series)).values(), default=0) <= 1
    after = author.api.post(f"{path}/resume").json["data"]
    days = [each["occurrence_at"][:10] for each in after["next_occurrences"]]
    assert days in (["2026-11-20", "2026-11-27"], ["2026-11-27"])


@pytest.mark.parametrize("_", range(3))
def test_a_variant_deleted_while_its_series_changes(author: Author, _: int) -> None:
    series = recurring(author)
    variant = series["post_variant_id"]
    change("UPDATE recurrences SET planned_until = created_at")
    calls: list[Callable[[], Any]] = [
        lambda: author.api.patch(f"/recurrences/{series['id']}", {"rule": "FREQ=HOURLY"}),
        lambda: author.api.delete(f"/variants/{variant}", force="true"),
        run_planner,
    ]
    changed, deleted, _ = simultaneously(calls)
    assert changed.status in {200, 404, 409}
    assert deleted.status in {204, 409}
    if deleted.status == 204:
        assert status_of(series) == "ended"
        assert {row.status for row in rows(series)} <= {"cancelled"}
