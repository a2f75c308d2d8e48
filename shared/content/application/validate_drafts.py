"""Say what would become of texts at their networks, without storing or sending anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.content.application.ports import Begin, ContentUnitOfWork, FindChannel
from shared.content.domain.channel import Account
from shared.content.domain.fitness import Draft, unsayable
from shared.content.domain.verdict import Verdict, Warned, judge
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
        return _verdicts(work, find_channel, actor, trials, now=clock())


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
        [verdict] = _verdicts(work, find_channel, actor, [trial], now=clock())
    return verdict


def _verdicts(
    work: ContentUnitOfWork,
    find_channel: FindChannel,
    actor: Actor,
    trials: Sequence[Trial],
    *,
    now: datetime,
) -> list[Verdict]:
    named = {each.connection_id for each in trials if each.connection_id is not None}
    accounts = work.accounts.get_all(named)
    media_ids = {media_id for each in trials for media_id in each.draft.media_ids}
    files = work.media.files(actor.organization_id, media_ids)
    verdicts = []
    for trial in trials:
        actor.demand_channel(trial.channel_id)
        channel = find_channel(trial.channel_id)
        account: Account | None = None
        warnings: Sequence[Warned] = ()
        if trial.connection_id is not None:
            account = actor.in_organization(
                accounts.get(trial.connection_id), "connection", field="channel_connection_id"
            )
            if actor.may("schedules:read"):
                warnings = _doubts(work, actor, trial.connection_id, trial.draft, now=now)
            if not actor.may("channels:read"):
                account = None
        draft = replace(trial.draft, files=files)
        verdicts.append(judge(draft, channel, account, warnings=warnings, at=now))
    return verdicts


def _doubts(
    work: ContentUnitOfWork, actor: Actor, connection_id: UUID, draft: Draft, *, now: datetime
) -> Sequence[Warned]:
    """Asked for each draft, for another's may be what is doubtful; not of what nobody can say."""
    if unsayable(draft):
        return ()
    texts = list(draft.texts.values())
    return work.schedules.warnings(
        connection_id, texts, organization_id=actor.organization_id, at=now
    )
