"""How long requests took and how many failed, by path."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select

from shared.kernel.actor import Actor
from shared.operations.adapters.record_tables import request_logs
from shared.operations.adapters.records_reach import in_time, reading, within_sight

PATHS = 200
"""The busiest ones."""

_COLUMNS = request_logs.c


@dataclass(frozen=True, kw_only=True)
class RequestStats:
    """Over all paths, and each of the busiest by itself; durations are in milliseconds."""

    total: Row[Any]
    paths: Sequence[Row[Any]]


def request_stats(
    actor: Actor, *, begin: datetime, end: datetime, organization_id: UUID | None
) -> RequestStats:
    where = [
        *within_sight(request_logs, actor, organization_id),
        *in_time(request_logs, begin, end),
    ]
    by_path = (
        _counted(where)
        .add_columns(_COLUMNS.method, _COLUMNS.path)
        .group_by(_COLUMNS.method, _COLUMNS.path)
        .order_by(func.count().desc(), _COLUMNS.path, _COLUMNS.method)
        .limit(PATHS)
    )
    with reading() as session:
        return RequestStats(
            total=session.execute(_counted(where)).one(), paths=session.execute(by_path).all()
        )


def _counted(where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    status = _COLUMNS.status_code
    return select(
        func.count().label("requests"),
        func.count().filter(status.between(400, 499)).label("client_errors"),
        func.count().filter(status >= 500).label("server_errors"),  # noqa: PLR2004
        *(
            func.percentile_cont(share).within_group(_COLUMNS.duration_ms).label(name)
            for share, name in ((0.5, "p50_ms"), (0.95, "p95_ms"), (0.99, "p99_ms"))
        ),
    ).where(*where)
