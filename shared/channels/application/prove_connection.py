"""Ask the network whether a connection still works, and take what it says about the account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.channels.application.ports import Begin, Prove
from shared.channels.domain.connection import Connection, Status
from shared.channels.domain.connection_errors import connection_error, judges_credentials
from shared.channels.domain.happenings import happened_to
from shared.channels.domain.kept_application import KeptApplication
from shared.channels.domain.provider import Account, ProviderError
from shared.channels.domain.sealed import Seal, Sealed, Unseal
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, DomainError
from shared.kernel.happenings import Happening


@dataclass(frozen=True, kw_only=True)
class Proof:
    """`refused` is the network's "no", in its own words; the connection is in `error` then."""

    connection: Connection
    refused: ProviderError | None


def prove_connection(
    begin: Begin,
    prove: Prove,
    seal: Seal,
    unseal: Unseal,
    clock: Clock,
    *,
    actor: Actor,
    connection_id: UUID,
) -> Proof:
    """Two short transactions, with the network between them.

    Credentials that expire are tried under the lease of a renewal: a token that is good once must
    not be used by two.

    Raises:
        Conflict: `CONNECTION_DISCONNECTED`, `CONNECTION_REFRESH_IN_PROGRESS`, or
            `CONNECTION_CHANGED` by somebody else meanwhile.
        Unavailable: `CHANNEL_UNAVAILABLE`; the connection is left as it is.
    """
    with begin() as work:
        connection = actor.own(work.connections.get_for_update(connection_id), "connection")
        tested = connection.sealed()
        leased_until = connection.claim_proof(clock())
        application = work.applications.of([connection]).get(connection_id)
    try:
        verdict = _ask(prove, connection.channel, unseal(connection_id, tested), application)
        return _judged(
            begin,
            seal,
            actor=actor,
            connection_id=connection_id,
            tested=tested,
            verdict=verdict,
            now=clock(),
        )
    except DomainError:
        if leased_until is not None:
            with begin() as work:
                held = work.connections.get_for_update(connection_id)
                if held is not None:
                    held.let_go(leased_until)
        raise


def _judged(
    begin: Begin,
    seal: Seal,
    *,
    actor: Actor,
    connection_id: UUID,
    tested: Sealed,
    verdict: Account | ProviderError,
    now: datetime,
) -> Proof:
    with begin() as work:
        if isinstance(verdict, Account):
            # Before it is locked: the publisher too takes schedules first, then connections.
            work.schedules.resume(connection_id, now=now)
        connection = actor.own(work.connections.get_for_update(connection_id), "connection")
        if connection.sealed() != tested:
            raise Conflict("CONNECTION_CHANGED", "Its credentials were changed: test it again")
        if isinstance(verdict, ProviderError):
            if connection.status is not Status.ERROR:
                error = happened_to(connection, Happening.CHANNEL_ERROR, by=actor.user_id, at=now)
                work.happenings.record(error)
            connection.fail(verdict.words, now)
            return Proof(connection=connection, refused=verdict)
        connection.prove(verdict, seal(connection_id, verdict.credentials), now)
        return Proof(connection=connection, refused=None)


def _ask(
    prove: Prove,
    channel: str,
    credentials: Mapping[str, str],
    application: KeptApplication | None,
) -> Account | ProviderError:
    try:
        return prove(channel, credentials, application)
    except ProviderError as error:
        if judges_credentials(error):
            return error
        raise connection_error(error) from error
