"""Which ids are another organization's: asked when nothing was found, and of no more."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Uuid, select, union_all

from shared.infrastructure.database import among, metadata, transaction
from shared.infrastructure.tenancy import everywhere, sight


def anothers(ids: Collection[UUID]) -> set[UUID]:
    """Those by which a row is known to another organization than the one that is seen.

    For whoever has looked for their own and has not found it. All tables that the function knows
    are asked, in one statement, by their primary keys, which may be an organization and an id.
    """
    own = sight().organization_id
    asked = [
        select(key).where(among(key, ids), table.c.organization_id != own)
        for table in metadata.sorted_tables
        if "organization_id" in table.c
        for key in table.primary_key
        if key.name != "organization_id" and isinstance(key.type, Uuid)
    ]
    if not asked:
        return set()
    with everywhere(), transaction() as session:
        return set(session.scalars(union_all(*asked)))
