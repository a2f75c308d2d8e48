"""Chain what has come to the audit log."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from shared.kernel.clock import Clock
from shared.kernel.ids import OrganizationId
from shared.operations.domain.audit_chain import Head, Link, Unsealed, chained

BATCH = 500
PATIENCE = timedelta(seconds=40)


class AuditChain(Protocol):
    def is_alone(self) -> bool:
        """Whether nobody else seals, until the unit of work ends."""

    def unsealed(self, limit: int) -> Sequence[Unsealed]:
        """What is committed and in no chain, the first one first."""

    def heads(
        self, organization_ids: Collection[OrganizationId]
    ) -> Mapping[OrganizationId, Head]: ...

    def add(self, links: Sequence[Link], *, now: datetime) -> None: ...


BeginSealing = Callable[[], AbstractContextManager[AuditChain]]


def seal_audit(begin: BeginSealing, clock: Clock) -> int:
    """Until nothing is left, or it takes too long; answers how many entries were chained.

    Whoever writes an entry waits for none of this: a chain that grew with each change would let one
    change happen at a time.

    Raises:
        Unavailable: the database is down; what is unsealed waits.
    """
    began, sealed = clock(), 0
    while clock() - began < PATIENCE:
        with begin() as chain:
            entries = chain.unsealed(BATCH) if chain.is_alone() else []
            heads = chain.heads({entry.organization_id for entry in entries}) if entries else {}
            chain.add(chained(entries, heads), now=clock())
        sealed += len(entries)
        if len(entries) < BATCH:
            break
    return sealed
