"""The connected accounts, to the rest of Luxaris; always within the caller's transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Select,
    TableValuedAlias,
    Text,
    Uuid,
    case,
    cast,
    column,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.channels.adapters.happenings import happenings_in
from shared.channels.adapters.tables import channel_connections as connections
from shared.channels.domain.connection import MESSAGE_LENGTH, printable
from shared.infrastructure.database import among, among_given
from shared.infrastructure.pipelining import UNAWAITED, answers
from shared.infrastructure.reach import within_reach
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happened, Happening


@dataclass(frozen=True, kw_only=True)
class ConnectionView:
    """`channel` is the slug; `limits` are the account's own where it has some.

    Its owner's policy: `lateness` is how late a post may still leave, `minimum_gap` how long after
    the one before it, `daily_cap` how many may within 24 hours. `credentials_expire_at` is nothing
    where they do not.
    """

    id: UUID
    organization_id: UUID
    channel: str
    status: Literal["connected", "error", "disconnected"]
    limits: Mapping[str, int]
    lateness: timedelta
    minimum_gap: timedelta
    daily_cap: int | None
    credentials_expire_at: datetime | None


_VIEWS = select(
    connections.c.id,
    connections.c.organization_id,
    connections.c.channel,
    connections.c.status,
    connections.c.limits,
    connections.c.daily_cap,
    connections.c.token_expires_at.label("credentials_expire_at"),
    func.make_interval(0, 0, 0, 0, 0, connections.c.lateness_minutes).label("lateness"),
    func.make_interval(0, 0, 0, 0, 0, 0, connections.c.minimum_gap_seconds).label("minimum_gap"),
).where(among_given(connections.c.id, "ids"))
_USED = text("""
    WITH held AS (
        SELECT id FROM channel_connections WHERE id = ANY(CAST(:ids AS uuid[]))
        ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE channel_connections AS used SET last_used_at = greatest(used.last_used_at, :at)
    FROM held WHERE used.id = held.id
""")


def views(session: Session, connection_ids: Collection[UUID]) -> dict[UUID, ConnectionView]:
    """The connections that exist among `connection_ids`, whatever their status."""
    rows = answers(session, _VIEWS, {"ids": list(connection_ids)})
    return {row.id: ConnectionView(**row._asdict()) for row in rows}


def reached(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """The connections among `ids` that the actor's permission reaches."""
    wanted = among(connections.c.id, ids), *within_reach(connections, actor)
    return set(session.scalars(select(connections.c.id).where(*wanted)))


def on_channels(
    session: Session, organization_id: UUID, channels: Collection[str]
) -> Sequence[UUID]:
    """An organization's connections to these channels, whatever their status."""
    wanted = select(connections.c.id).where(
        connections.c.organization_id == organization_id,
        connections.c.channel.in_(sorted(channels)),
    )
    return session.scalars(wanted).all()


def mark_used(session: Session, connection_ids: Collection[UUID], at: datetime) -> None:
    """Remember when something was last published through each."""
    values = {"ids": list(connection_ids), "at": at}
    session.execute(_USED, values, execution_options=UNAWAITED)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A network's `words` about credentials that were used at `tried_at`."""

    words: str
    tried_at: datetime


def mark_failed(session: Session, refusals: Mapping[UUID, Refusal], at: datetime) -> None:
    """Put connections whose credentials the network refused into `error`, with its words.

    Those whose credentials can be renewed are renewed at once instead, and that decides. What has
    changed since it was used, perhaps because a person has connected it again, is left alone.
    """
    held = _held(session, refusals)
    if not held:
        return
    refused = _table(
        id=(Uuid, held),
        at=(DateTime(timezone=True), [refusals[one].tried_at for one in held]),
        words=(Text, [printable(refusals[one].words, MESSAGE_LENGTH) for one in held]),
    )
    columns = connections.c
    failed = session.execute(
        update(connections)
        .where(
            columns.id == refused.c.id,
            columns.status == "connected",
            columns.next_refresh_at.is_(None),
            columns.updated_at <= refused.c.at,
        )
        .values(status="error", error_message=refused.c.words, updated_at=at)
        .returning(columns.id, columns.organization_id, columns.channel)
    )
    happenings_in(session).record(
        *(
            Happened(
                what=Happening.CHANNEL_ERROR,
                organization_id=row.organization_id,
                subject_id=row.id,
                actor_id=None,
                at=at,
                details={"channel": row.channel},
            )
            for row in failed
        )
    )
    want_refresh(session, {one: refusals[one].tried_at for one in held}, at)


def want_refresh(session: Session, tried_at: Mapping[UUID, datetime], at: datetime) -> None:
    """Take it that credentials which expire have expired, and have them renewed at once.

    Those that were renewed after they had been tried are left alone.
    Where renewing them fails at present, its next try stays when it is. Of credentials that do not
    expire, and of those that only a person can mend, nothing changes.
    """
    columns = connections.c
    held = _held(session, tried_at)
    tried = _table(id=(Uuid, held), at=(DateTime(timezone=True), [tried_at[one] for one in held]))
    session.execute(
        update(connections)
        .where(
            columns.id == tried.c.id,
            columns.updated_at <= tried.c.at,
            columns.next_refresh_at.is_not(None),
            (columns.token_expires_at > at)
            | ((columns.refresh_attempts == 0) & (columns.next_refresh_at > at)),
        )
        .values(
            token_expires_at=func.least(columns.token_expires_at, at),
            next_refresh_at=case(
                (columns.refresh_attempts == 0, func.least(columns.next_refresh_at, at)),
                else_=columns.next_refresh_at,
            ),
        )
    )


def _table(**columns: tuple[Any, Sequence[Any]]) -> TableValuedAlias:
    """Rows that come with the statement: of each column its type and its values."""
    values = [cast(given, ARRAY(kind)) for kind, given in columns.values()]
    named = [column(name, kind) for name, (kind, _) in columns.items()]
    return func.unnest(*values).table_valued(*named, name="given").render_derived()


def _held(session: Session, connection_ids: Collection[UUID]) -> list[UUID]:
    return list(session.scalars(_locked(connection_ids)))


def _locked(connection_ids: Collection[UUID]) -> Select[tuple[UUID]]:
    """Lock rows in one order, so that two batches never wait for each other in a circle."""
    return (
        select(connections.c.id)
        .where(among(connections.c.id, connection_ids))
        .order_by(connections.c.id)
        .with_for_update(key_share=True)
    )
