"""What becomes of a post in figures."""

from collections.abc import Mapping

import pytest

from shared.publishing.domain.schedule import Status
from shared.publishing.domain.summary import Summary


@pytest.mark.parametrize(
    ("counted", "figures", "rate"),
    [
        ({}, (0, 0, 0, 0, 0), None),
        ({Status.CANCELLED: 4}, (0, 0, 0, 0, 0), None),
        ({Status.SUCCESS: 2}, (2, 2, 0, 0, 0), 100.0),
        ({Status.SUCCESS: 2, Status.FAILED: 1}, (3, 2, 1, 0, 0), 66.7),
        ({Status.SKIPPED: 1}, (1, 0, 1, 0, 0), 0.0),
        ({Status.PENDING: 1, Status.QUEUED: 2, Status.PROCESSING: 3}, (6, 0, 0, 6, 0), None),
        ({Status.UNKNOWN: 1, Status.SUCCESS: 1}, (2, 1, 0, 0, 1), 100.0),
    ],
)
def test_a_post_is_summed_up(
    counted: Mapping[Status, int], figures: tuple[int, ...], rate: float | None
) -> None:
    summary = Summary.of(counted)
    assert figures == (
        summary.total_publishes,
        summary.successful,
        summary.failed,
        summary.pending,
        summary.unknown,
    )
    assert summary.success_rate == rate
