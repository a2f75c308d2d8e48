"""Chains of the audit log in PostgreSQL: made, and proved."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.infrastructure.database import transaction
from shared.kernel.ids import OrganizationId
from shared.operations.adapters.records_reach import reading
from shared.operations.domain.audit_chain import Head, Link, Unsealed

_SHOWN = 20
"""Of what is broken."""

# Instants as numbers: how one is written depends on who asks.
_DIGEST = """
    sha256(convert_to(CAST(jsonb_build_array(
        entry.id, entry.organization_id, entry.actor_id, entry.action, entry.resource_type,
        entry.resource_id, entry.address, entry.user_agent, entry.details,
        CAST(extract(epoch FROM entry.occurred_at) AS text),
        CAST(extract(epoch FROM entry.recorded_at) AS text),
        entry.request_id
    ) AS text), 'UTF8'))
"""

_IS_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('operations.seal'))")

_UNSEALED = text(f"""
    SELECT entry.id AS entry_id, entry.organization_id, {_DIGEST} AS digest
    FROM audit_unsealed AS waiting JOIN audit_logs AS entry ON entry.id = waiting.entry_id
    ORDER BY waiting.entry_id
    LIMIT :limit
""")  # noqa: S608 ours

_HEADS = text("""
    SELECT asked.id, head.position, head.hash
    FROM unnest(CAST(:ids AS uuid[])) AS asked(id), LATERAL (
        SELECT position, hash FROM audit_chain
        WHERE organization_id = asked.id ORDER BY position DESC LIMIT 1
    ) AS head
""")

_ADD = text("""
    WITH sealed AS (
        DELETE FROM audit_unsealed WHERE entry_id = ANY(CAST(:entries AS uuid[]))
    )
    INSERT INTO audit_chain (organization_id, position, entry_id, hash, sealed_at)
    SELECT link.*, :now FROM unnest(
        CAST(:organizations AS uuid[]), CAST(:positions AS bigint[]), CAST(:entries AS uuid[]),
        CAST(:hashes AS bytea[])
    ) AS link
""")

_BROKEN = text(f"""
    WITH linked AS (
        SELECT link.position, link.entry_id, link.hash, entry.id IS NULL AS is_missing,
               lag(link.position, 1, CAST(0 AS bigint)) OVER chain AS position_before,
               lag(link.hash, 1, decode(replace(:organization, '-', ''), 'hex')) OVER chain
               AS hash_before, {_DIGEST} AS digest
        FROM audit_chain AS link LEFT JOIN audit_logs AS entry ON entry.id = link.entry_id
        WHERE link.organization_id = CAST(:organization AS uuid)
        WINDOW chain AS (ORDER BY link.position)
    ), judged AS (
        SELECT position, entry_id, CASE
            WHEN position <> position_before + 1 THEN 'LINK_MISSING'
            WHEN is_missing THEN 'ENTRY_MISSING'
            WHEN hash <> sha256(hash_before || digest) THEN 'ENTRY_CHANGED' END AS reason
        FROM linked
    )
    SELECT * FROM judged WHERE reason IS NOT NULL ORDER BY position LIMIT :limit
""")  # noqa: S608 ours

_STRAYS = text("""
    SELECT entry.id FROM audit_logs AS entry
    WHERE entry.organization_id = CAST(:organization AS uuid)
        AND NOT EXISTS (SELECT FROM audit_chain WHERE entry_id = entry.id)
        AND NOT EXISTS (SELECT FROM audit_unsealed WHERE entry_id = entry.id)
    ORDER BY entry.id LIMIT :limit
""")

_COUNTS = text("""
    SELECT
        (SELECT count(*) FROM audit_logs WHERE organization_id = :organization) AS entries,
        (SELECT count(*) FROM audit_chain WHERE organization_id = :organization) AS sealed,
        (SELECT count(*) FROM audit_unsealed JOIN audit_logs ON audit_logs.id = entry_id
         WHERE organization_id = :organization) AS unsealed
""")

_AT = text("""
    SELECT hash FROM audit_chain WHERE organization_id = :organization AND position = :position
""")


class PostgresAuditChain:
    def __init__(self, session: Session) -> None:
        self._session = session

    def is_alone(self) -> bool:
        return bool(self._session.scalar(_IS_ALONE))

    def unsealed(self, limit: int) -> Sequence[Unsealed]:
        rows = self._session.execute(_UNSEALED, {"limit": limit})
        return [Unsealed(**row) for row in rows.mappings()]

    def heads(self, organization_ids: Collection[OrganizationId]) -> Mapping[OrganizationId, Head]:
        rows = self._session.execute(_HEADS, {"ids": list(organization_ids)})
        return {
            OrganizationId(row.id): Head(position=row.position, hash=bytes(row.hash))
            for row in rows
        }

    def add(self, links: Sequence[Link], *, now: datetime) -> None:
        if links:
            self._session.execute(
                _ADD,
                {
                    "organizations": [link.organization_id for link in links],
                    "positions": [link.position for link in links],
                    "entries": [link.entry_id for link in links],
                    "hashes": [link.hash for link in links],
                    "now": now,
                },
            )


@contextmanager
def begin() -> Iterator[PostgresAuditChain]:
    with transaction() as session:
        yield PostgresAuditChain(session)


@dataclass(frozen=True, kw_only=True)
class Broken:
    """`position` is nothing of an entry that came to the log past all that watches over it."""

    position: int | None
    entry_id: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """`is_known` is whether the chain still holds what the caller had noted of it."""

    entries: int
    sealed: int
    unsealed: int
    head: Head | None
    broken: Sequence[Broken]
    is_known: bool | None


def prove(organization_id: OrganizationId, noted: Head | None) -> Proof:
    """Read an organization's whole chain, and compare each link with what it should say."""
    named = {"organization": str(organization_id), "limit": _SHOWN}
    with reading() as session:
        counts = session.execute(_COUNTS, {"organization": organization_id}).one()
        broken = [Broken(**row) for row in session.execute(_BROKEN, named).mappings()]
        broken += [
            Broken(position=None, entry_id=entry_id, reason="ENTRY_UNCHAINED")
            for entry_id in session.scalars(_STRAYS, named)
        ]
        is_known = None
        if noted is not None:
            at = {"organization": organization_id, "position": noted.position}
            found = session.scalar(_AT, at)
            is_known = found is not None and bytes(found) == noted.hash
        heads = PostgresAuditChain(session).heads([organization_id])
    return Proof(
        entries=counts.entries,
        sealed=counts.sealed,
        unsealed=counts.unsealed,
        head=heads.get(organization_id),
        broken=broken,
        is_known=is_known,
    )
