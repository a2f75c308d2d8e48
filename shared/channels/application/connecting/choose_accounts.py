"""Connect those accounts, of several that a network has offered, that somebody wants."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.channels.application.connecting.ports import Vault
from shared.channels.application.connecting.show_choice import open_choice
from shared.channels.application.keep_accounts import Source, keep_accounts
from shared.channels.application.ports import Begin
from shared.channels.domain.connection import Connection
from shared.channels.domain.provider import Account
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation


def choose_accounts(
    begin: Begin,
    vault: Vault,
    clock: Clock,
    *,
    actor: Actor,
    choice_id: UUID,
    account_ids: Collection[str],
) -> list[Connection]:
    """All of them or none; then the choice is over. One that goes wrong leaves it open.

    Raises:
        NotFound: `CHOICE_NOT_FOUND`; there is none, or it is over.
        PermissionDenied: `CHOICE_ACCESS_DENIED`.
        RuleViolation: `ACCOUNT_NOT_OFFERED`.
        Conflict: `CONNECTION_ALREADY_EXISTS`.
    """
    now = clock()
    with begin() as work:
        journey = open_choice(work, actor, choice_id, now)
        offered = vault.unseal_accounts(journey.id, journey.sealed)
        connections = keep_accounts(
            work,
            vault.seal,
            actor=actor,
            channel=journey.channel,
            accounts=_wanted(offered, account_ids),
            source=Source(application_id=journey.application_id, grant_id=journey.id),
            display_name=None,
            now=now,
        )
        work.journeys.end(journey)
    return connections


def _wanted(offered: Sequence[Account], account_ids: Collection[str]) -> list[Account]:
    wanted = [account for account in offered if account.external_id in account_ids]
    if len(wanted) < len(set(account_ids)):
        raise RuleViolation(
            "ACCOUNT_NOT_OFFERED", "The network has not offered all of these", field="account_ids"
        )
    return wanted
