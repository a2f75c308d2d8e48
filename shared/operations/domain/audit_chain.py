"""Entries of the audit log, each chained to the one before: what is changed or gone, shows."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.kernel.ids import OrganizationId


@dataclass(frozen=True, kw_only=True)
class Unsealed:
    """An entry that no link holds yet; `digest` is of all that it says."""

    entry_id: UUID
    organization_id: OrganizationId
    digest: bytes


@dataclass(frozen=True, kw_only=True)
class Link:
    """The entry at a position of its organization's chain; the first is 1."""

    organization_id: OrganizationId
    position: int
    entry_id: UUID
    hash: bytes


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where a chain ends: whoever has noted it can tell later whether it is still there."""

    position: int
    hash: bytes


def chained(unsealed: Iterable[Unsealed], heads: Mapping[OrganizationId, Head]) -> list[Link]:
    """The links of entries in their order, each organization's after its own last one."""
    last = dict(heads)
    links = []
    for entry in unsealed:
        of = entry.organization_id
        before = last.get(of, Head(position=0, hash=of.bytes))
        hashed = hashlib.sha256(before.hash + entry.digest).digest()
        last[of] = Head(position=before.position + 1, hash=hashed)
        links.append(
            Link(
                organization_id=of,
                position=last[of].position,
                entry_id=entry.entry_id,
                hash=hashed,
            )
        )
    return links
