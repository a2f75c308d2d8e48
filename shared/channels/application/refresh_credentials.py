"""Renew the credentials that are due, each by one worker at a time.

The network and the database cannot be made to agree in one step. Whoever dies between the answer
and its storing leaves the old credentials in place and a lease that lapses; then the old ones are
used once more. What that costs is the network's: see `refresh` of each provider.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.channels.application.ports import Begin, Renew, Renewed, Renewing
from shared.channels.application.store_renewal import store_renewal
from shared.channels.domain.connection import Connection, RenewalClaim, Status
from shared.channels.domain.provider import ProviderError
from shared.channels.domain.sealed import Seal
from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable

logger = logging.getLogger(__name__)

BATCH = 50
"""How many networks are spoken to at once."""
STARTING = timedelta(seconds=30)
"""No batch is begun later: the slowest network must have answered before the function's end."""
STORE_TRIES = 5
STORE_PAUSE = 1.0


@dataclass(kw_only=True)
class Tally:
    """`missed` are tried again later; `refused` wait for a person; `void` were somebody else's."""

    renewed: int = 0
    missed: int = 0
    refused: int = 0
    void: int = 0


def refresh_credentials(begin: Begin, renewing: Renewing, seal: Seal, clock: Clock) -> Tally:
    """Claim a set under a lease, ask the networks, store each answer as it comes in; and again.

    With nothing due it costs one query.

    Raises:
        Unavailable: the database is down. Renewals that could not be stored are made again when
            their leases have lapsed.
    """
    tally, until = Tally(), clock() + STARTING
    while claims := _claim(begin, clock):
        asyncio.run(_Round(begin, seal, clock, tally).run(renewing, claims))
        if len(claims) < BATCH or clock() >= until:
            break
    return tally


def _claim(begin: Begin, clock: Clock) -> Sequence[RenewalClaim]:
    now = clock()
    with begin() as work:
        due = work.connections.due_for_renewal(now=now, limit=BATCH)
        known = work.applications.of(due) if due else {}
        return [
            replace(connection.claim_renewal(now), application=known.get(connection.id))
            for connection in due
        ]


@dataclass(frozen=True)
class _Round:
    begin: Begin
    seal: Seal
    clock: Clock
    tally: Tally

    async def run(self, renewing: Renewing, claims: Sequence[RenewalClaim]) -> None:
        async with renewing() as renew:
            calls = [asyncio.ensure_future(_ask(renew, claim)) for claim in claims]
            try:
                for answered in asyncio.as_completed(calls):
                    claim, renewed = await answered
                    await self._store(claim, renewed)
            finally:
                # Should the database be down, what the networks have begun they shall end.
                await asyncio.gather(*calls, return_exceptions=True)

    async def _store(self, claim: RenewalClaim, renewed: Renewed) -> None:
        """Beside the loop, so that the database does not hold up the calls under way.

        One that cannot be stored must not take the others with it.
        """
        for tries_left in reversed(range(STORE_TRIES)):
            try:
                stored = await asyncio.to_thread(
                    store_renewal, self.begin, self.seal, self.clock, claim=claim, renewed=renewed
                )
            except Unavailable:
                if not tries_left:
                    raise
                await asyncio.sleep(STORE_PAUSE)
            except Exception as error:  # noqa: BLE001 its text may hold every value of the row
                facts = {"connection_id": str(claim.connection_id), "error": type(error).__name__}
                logger.error("renewal_not_stored", extra=facts)  # noqa: TRY400
                return
            else:
                self._count(claim, renewed, stored)
                return

    def _count(self, claim: RenewalClaim, renewed: Renewed, stored: Connection | None) -> None:
        facts = {"connection_id": str(claim.connection_id), "channel": claim.channel}
        if stored is None:
            self.tally.void += 1
            logger.info("renewal_void", extra=facts)
        elif not isinstance(renewed, ProviderError):
            self.tally.renewed += 1
            logger.info("credentials_renewed", extra=facts)
        elif stored.status is Status.ERROR:
            self.tally.refused += 1
            logger.warning("renewal_refused", extra={**facts, "code": renewed.code})
        else:
            self.tally.missed += 1
            logger.warning("renewal_missed", extra={**facts, "code": renewed.code})


async def _ask(renew: Renew, claim: RenewalClaim) -> tuple[RenewalClaim, Renewed]:
    return claim, await renew(claim)
