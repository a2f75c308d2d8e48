"""Keep accounts that a network has just proved, as connections of the actor's organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.channels.application.ports import ChannelsUnitOfWork
from shared.channels.domain.connection import Connection
from shared.channels.domain.happenings import happened_to
from shared.channels.domain.provider import Account
from shared.channels.domain.sealed import Seal
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happening


@dataclass(frozen=True, kw_only=True)
class Source:
    """By which application and which consent accounts came; see `Connection`."""

    application_id: UUID | None = None
    grant_id: UUID | None = None


def keep_accounts(
    work: ChannelsUnitOfWork,
    seal: Seal,
    *,
    actor: Actor,
    channel: str,
    accounts: Sequence[Account],
    source: Source,
    display_name: str | None,
    now: datetime,
) -> list[Connection]:
    """All of them or none; one that was connected before revives its row.

    Raises:
        Conflict: `CONNECTION_ALREADY_EXISTS`.
    """
    before: dict[str, UUID] = {}
    for account in accounts:
        known = work.connections.of_account(actor.organization_id, channel, account.external_id)
        if known is not None:
            # Before any is locked: the publisher too takes schedules first, then connections.
            work.schedules.resume(known.id, now=now)
            before[account.external_id] = known.id
    held = {
        external_id: work.connections.get_for_update(connection_id)
        for external_id, connection_id in sorted(before.items(), key=lambda known: known[1])
    }
    kept = []
    for account in accounts:
        known = held.get(account.external_id)
        if known is not None:
            known.demand_renewable()
        connection = known or Connection.new(
            actor=actor, channel=channel, external_account_id=account.external_id, now=now
        )
        connection.prove(account, seal(connection.id, account.credentials), now)
        connection.come_through(source.application_id, source.grant_id)
        connection.name(display_name, account.display_name, account.username)
        if known is None:
            work.connections.add(connection)
        connected = happened_to(connection, Happening.CHANNEL_CONNECTED, by=actor.user_id, at=now)
        work.happenings.record(connected)
        kept.append(connection)
    return kept
