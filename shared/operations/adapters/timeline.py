"""Everything that is known of one post, or of one request, in the order in which it happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, or_, select
from sqlalchemy.orm import Session

from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, PermissionDenied
from shared.operations.adapters.record_tables import (
    audit_logs,
    business_events,
    request_logs,
    system_logs,
)
from shared.operations.adapters.records_reach import reading, within_sight

MOST = 500
"""Of each tier."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """`tier` is ``request``, ``log``, ``event`` or ``audit``; `what` is its name in its tier."""

    at: datetime
    tier: str
    id: UUID
    what: str
    request_id: str | None
    actor_id: UUID | None
    subject_id: UUID | None
    details: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Where not `is_complete`, there was more than is shown of a tier."""

    moments: Sequence[Moment]
    is_complete: bool


def of_post(actor: Actor, post_id: UUID) -> Timeline:
    """What happened to a post, its variants and schedules, and the requests it goes back to.

    Raises:
        NotFound: `POST_NOT_FOUND`; nothing was ever told of it.
        PermissionDenied: `POST_ACCESS_DENIED`.
    """
    is_its = or_(business_events.c.post_id == post_id, business_events.c.subject_id == post_id)
    with reading() as session:
        sight = within_sight(business_events, actor)
        events = _first(session, business_events, [*sight, is_its])
        if not events:
            if session.scalar(select(business_events.c.id).where(is_its).limit(1)) is None:
                raise NotFound("POST_NOT_FOUND", "There is no such post", field="post_id")
            raise PermissionDenied("POST_ACCESS_DENIED", "This post is not yours", field="post_id")
        requests = sorted({event.request_id for event in events if event.request_id})
        entries = _entries(session, actor, audit_logs.c.id.in_([each.id for each in events]))
        return _timeline(events, entries, *_of_requests(session, actor, requests))


def of_request(actor: Actor, request_id: str) -> Timeline:
    """What one request led to, in whatever function, until the last of it was done.

    Raises:
        NotFound: `REQUEST_NOT_FOUND`; none of the actor's organization.
    """
    with reading() as session:
        its = [*within_sight(business_events, actor), business_events.c.request_id == request_id]
        events = _first(session, business_events, its)
        entries = _entries(session, actor, audit_logs.c.request_id == request_id)
        found = _timeline(events, entries, *_of_requests(session, actor, [request_id]))
    if not found.moments:
        raise NotFound("REQUEST_NOT_FOUND", "There is no such request", field="request_id")
    return found


def _entries(session: Session, actor: Actor, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """None to whoever may not read the audit log."""
    if not actor.may("audit:read"):
        return []
    return _first(session, audit_logs, [*within_sight(audit_logs, actor), which])


def _of_requests(
    session: Session, actor: Actor, request_ids: Sequence[str]
) -> tuple[Sequence[Row[Any]], Sequence[Row[Any]]]:
    requests, logs = (
        _first(session, table, [*within_sight(table, actor), table.c.request_id.in_(request_ids)])
        for table in (request_logs, system_logs)
    )
    return requests, logs


def _first(
    session: Session, table: Table, where: Iterable[ColumnElement[bool]]
) -> Sequence[Row[Any]]:
    query = select(table).where(*where).order_by(table.c.id).limit(MOST + 1)
    return session.execute(query).all()


def _timeline(
    events: Sequence[Row[Any]],
    entries: Sequence[Row[Any]],
    requests: Sequence[Row[Any]],
    logs: Sequence[Row[Any]],
) -> Timeline:
    moments = [
        *(_event(row) for row in events[:MOST]),
        *(_entry(row) for row in entries[:MOST]),
        *(_request(row) for row in requests[:MOST]),
        *(_log(row) for row in logs[:MOST]),
    ]
    return Timeline(
        moments=sorted(moments, key=lambda moment: (moment.at, moment.id)),
        is_complete=max(map(len, (events, entries, requests, logs))) <= MOST,
    )


def _event(row: Row[Any]) -> Moment:
    return Moment(
        at=row.occurred_at,
        tier="event",
        id=row.id,
        what=row.name,
        request_id=row.request_id,
        actor_id=row.actor_id,
        subject_id=row.subject_id,
        details=row.details,
    )


def _entry(row: Row[Any]) -> Moment:
    where_from = {"address": row.address, "user_agent": row.user_agent}
    return Moment(
        at=row.occurred_at,
        tier="audit",
        id=row.id,
        what=row.action,
        request_id=row.request_id,
        actor_id=row.actor_id,
        subject_id=row.resource_id,
        details={**where_from, **row.details},
    )


def _request(row: Row[Any]) -> Moment:
    return Moment(
        at=row.occurred_at,
        tier="request",
        id=row.id,
        what=f"{row.method} {row.path}",
        request_id=row.request_id,
        actor_id=row.user_id,
        subject_id=None,
        details={
            "status_code": row.status_code,
            "duration_ms": row.duration_ms,
            "error_code": row.error_code,
        },
    )


def _log(row: Row[Any]) -> Moment:
    return Moment(
        at=row.occurred_at,
        tier="log",
        id=row.id,
        what=row.event,
        request_id=row.request_id,
        actor_id=None,
        subject_id=None,
        details={"level": row.level, "logger": row.logger, **row.context},
    )
