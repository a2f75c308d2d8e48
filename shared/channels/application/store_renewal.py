"""Store what a network made of the wish for a renewal."""

from uuid import UUID

from shared.channels.application.ports import Begin, Renewed
from shared.channels.domain.connection import Connection, RenewalClaim, Status
from shared.channels.domain.happenings import happened_to
from shared.channels.domain.provider import ProviderError
from shared.channels.domain.sealed import Seal
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def store_renewal(
    begin: Begin,
    seal: Seal,
    clock: Clock,
    *,
    claim: RenewalClaim,
    renewed: Renewed,
    asked_by: UUID | None = None,
) -> Connection | None:
    """One short transaction; what waited for the credentials goes on in it.

    `None` where the claim is void: somebody has stored other credentials since, or its lease lapsed
    and was given anew. Then the credentials from the network are dropped; what waited is looked at
    once more, which does no harm. `asked_by` is who wanted it, unless a timer did.
    """
    now = clock()
    with begin() as work:
        if not isinstance(renewed, ProviderError):
            # Before the connection is locked: the publisher too takes schedules first.
            work.schedules.resume(claim.connection_id, now=now)
        connection = work.connections.get_for_update(claim.connection_id)
        if connection is None or not connection.honours(claim):
            return None
        if isinstance(renewed, ProviderError):
            before = connection.status
            connection.miss_renewal(renewed, now)
            what = Happening.CHANNEL_ERROR
            has_happened = connection.status is Status.ERROR and before is not Status.ERROR
        else:
            sealed = seal(connection.id, renewed.credentials)
            connection.renew(sealed, renewed.expires_at, now)
            what, has_happened = Happening.CHANNEL_TOKEN_REFRESHED, True
        if has_happened:
            work.happenings.record(happened_to(connection, what, by=asked_by, at=now))
        return connection
