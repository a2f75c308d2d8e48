"""Say what would become of texts at their networks, without storing or sending anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.content.application.ports import Begin, ContentUnitOfWork, FindChannel
from shared.content.domain.fitness import Draft, unsayable
from shared.content.domain.verdict import Verdict, judge
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A draft for a network, and the account it may leave on.

    What an account is like is told those who may see accounts, and what is planned there those
    who may see schedules.
    """

    channel_id: str
    draft: Draft
    connection_id: UUID | None = None


def validate_drafts(
    begin: Begin, find_channel: FindChannel, clock: Clock, *, actor: Actor, trials: Sequence[Trial]
) -> list[Verdict]:
    """The verdict on each, in their order.

    Raises:
        NotFound: `CHANNEL_NOT_FOUND` or `CONNECTION_NOT_FOUND`.
        PermissionDenied: `CHANNEL_ACCESS_DENIED` or `CONNECTION_ACCESS_DENIED`.
    """
    with begin() as work:
        return [_verdict(work, find_channel, clock, actor, trial) for trial in trials]


def validate_variant(
    begin: Begin,
    find_channel: FindChannel,
    clock: Clock,
    *,
    actor: Actor,
    variant_id: UUID,
    connection_id: UUID | None,
) -> Verdict:
    """The verdict on a variant as it is stored.

    Raises:
        NotFound, PermissionDenied: of the variant or the connection.
    """
    with begin() as work:
        variant = actor.own(work.variants.get(variant_id), "variant")
        trial = Trial(channel_id=variant.channel, draft=variant.draft, connection_id=connection_id)
        return _verdict(work, find_channel, clock, actor, trial)


def _verdict(
    work: ContentUnitOfWork, find_channel: FindChannel, clock: Clock, actor: Actor, trial: Trial
) -> Verdict:
    actor.demand_channel(trial.channel_id)
    channel, now = find_channel(trial.channel_id), clock()
    if trial.connection_id is None:
        return judge(trial.draft, channel, at=now)
    account = actor.in_organization(
        work.accounts.get(trial.connection_id), "connection", field="channel_connection_id"
    )
    told = account if actor.may("channels:read") else None
    if unsayable(trial.draft) or not actor.may("schedules:read"):
        return judge(trial.draft, channel, told, at=now)
    texts = list(trial.draft.texts.values())
    warnings = work.schedules.warnings(
        trial.connection_id, texts, organization_id=actor.organization_id, at=now
    )
    return judge(trial.draft, channel, told, warnings=warnings, at=now)
