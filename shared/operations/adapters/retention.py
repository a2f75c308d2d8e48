"""Partitions of the months to come are made, and those that nobody has to keep are dropped.

Each in a transaction of its own: to add one and to drop one holds up whoever writes, for a moment.
"""

import logging
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import text

from shared.infrastructure.database import transaction
from shared.operations.domain.retention import AHEAD, PARTITIONED

logger = logging.getLogger(__name__)

_MAKE = text("SELECT partitions.make(:parent, :month)")
_FORGET = text("SELECT partitions.forget(:parent, :before)")


def keep_records(*, now: datetime) -> dict[str, int]:
    """Answers how many partitions were dropped, by what they belonged to."""
    dropped = {}
    for table, periods in PARTITIONED.items():
        for kept in periods:
            parent = f"{table}_{kept}"
            for month in _months(now):
                with transaction() as session:
                    session.execute(_MAKE, {"parent": parent, "month": month})
            assert kept.period is not None
            with transaction() as session:
                before = now - kept.period
                gone = session.scalar(_FORGET, {"parent": parent, "before": before}) or 0
            if gone:
                logger.info("records_forgotten", extra={"parent": parent, "partitions": gone})
                dropped[parent] = gone
    return dropped


def _months(now: datetime) -> Iterator[date]:
    first = now.year * 12 + now.month - 1
    for month in range(first, first + AHEAD):
        yield date(month // 12, month % 12 + 1, 1)
