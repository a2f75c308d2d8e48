"""What is near a post that is to be: one query, by index."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Select, Text, cast, column, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.content.api.variants import saying
from shared.kernel.ids import OrganizationId
from shared.publishing.adapters.tables import schedules
from shared.publishing.domain.crowding import CLOSE_WITHIN, DUPLICATE_WITHIN, Neighbours, Saying
from shared.publishing.domain.schedule import ACTIVE, Status

_PLANNED_OR_OUT = sorted({*ACTIVE, Status.SUCCESS, Status.UNKNOWN})


def neighbours(
    session: Session,
    *,
    organization_id: OrganizationId,
    connection_id: UUID,
    sayings: Sequence[Saying],
    identical_to: UUID | None = None,
) -> Neighbours:
    """`sayings` begin with the root; `identical_to` is its variant, where it is one by now."""
    found = session.execute(question(organization_id, connection_id, sayings, identical_to)).one()
    return Neighbours(**found._mapping)  # noqa: SLF001 its public name


def question(
    organization_id: OrganizationId,
    connection_id: UUID,
    sayings: Sequence[Saying],
    identical_to: UUID | None,
) -> Select[bool, bool, bool]:
    columns = schedules.c
    texts = [each.text for each in sayings]
    wanted = (
        func.unnest(
            cast([each.at for each in sayings], ARRAY(DateTime(timezone=True))),
            cast(texts, ARRAY(Text)),
        )
        .table_valued(column("at", DateTime(timezone=True)), column("text", Text), name="wanted")
        .render_derived()
    )
    said = saying(organization_id, texts)
    first, last = min(each.at for each in sayings), max(each.at for each in sayings)
    there = (
        columns.channel_connection_id == connection_id,
        columns.status.in_(_PLANNED_OR_OUT),
        columns.run_at.between(first - DUPLICATE_WITHIN, last + DUPLICATE_WITHIN),
    )
    close = (
        exists()
        .select_from(schedules)
        .where(
            *there,
            wanted.c.at - CLOSE_WITHIN < columns.run_at,
            columns.run_at < wanted.c.at + CLOSE_WITHIN,
        )
    )
    duplicate = (
        exists()
        .select_from(schedules)
        .where(
            *there,
            columns.post_variant_id == said.c.variant_id,
            columns.part == said.c.part,
            said.c.text == wanted.c.text,
            columns.run_at.between(wanted.c.at - DUPLICATE_WITHIN, wanted.c.at + DUPLICATE_WITHIN),
        )
    )
    return select(
        _identical(connection_id, identical_to, sayings[0].at).label("has_identical"),
        duplicate.label("has_duplicate"),
        close.label("has_close"),
    )


def _identical(
    connection_id: UUID, variant_id: UUID | None, run_at: datetime
) -> ColumnElement[bool]:
    columns = schedules.c
    return exists().where(
        columns.post_variant_id == variant_id,
        columns.channel_connection_id == connection_id,
        columns.run_at == run_at,
        columns.part == 0,
        columns.status.in_(ACTIVE),
        columns.deleted_at.is_(None),
    )
