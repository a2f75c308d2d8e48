"""Which variants say the same, for a query of whoever asks; found by index, however many there are.

A root's text is found by its digest, for it may be longer than an index takes; a follow-up's by
what its thread contains.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import (
    ColumnClause,
    Integer,
    Subquery,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.content.adapters.tables import post_variants

# As the index says it: a parameter would not be known to be the same.
_NO_THREAD: ColumnClause[object] = literal_column("'[]'::jsonb")


def saying(organization_id: UUID, texts: Collection[str]) -> Subquery:
    """`variant_id`, `part` and `text` of every variant, deleted or not, that says one of these."""
    columns = post_variants.c
    roots = select(
        columns.id.label("variant_id"),
        literal(0, Integer).label("part"),
        columns.content.label("text"),
    ).where(
        columns.organization_id == organization_id,
        func.md5(columns.content).in_([func.md5(text) for text in texts]),
    )
    part = (
        func.jsonb_array_elements(columns.thread)
        .table_valued(column("said", JSONB), with_ordinality="place", name="part")
        .render_derived()
    )
    follow_ups = (
        select(columns.id, cast(part.c.place, Integer), part.c.said["content"].astext)
        .select_from(post_variants.join(part, true()))
        .where(
            columns.organization_id == organization_id,
            columns.thread != _NO_THREAD,
            or_(*(columns.thread.contains([{"content": text}]) for text in texts)),
            part.c.said["content"].astext.in_(texts),
        )
    )
    return union_all(roots, follow_ups).subquery("said")
