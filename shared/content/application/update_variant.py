"""Edit a variant."""

from dataclasses import replace
from uuid import UUID

from shared.content.application.ports import (
    BeginWriting,
    ContentUnitOfWork,
    FindChannel,
)
from shared.content.application.shown_files import demand_files
from shared.content.domain.channel import Channel
from shared.content.domain.fitness import told, unshowable
from shared.content.domain.happenings import happened_to
from shared.content.domain.post_status import PostStatus
from shared.content.domain.variant import PostVariant, VariantChanges, VariantStatus
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, demand_none
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected


def update_variant(
    begin: BeginWriting,
    find_channel: FindChannel,
    clock: Clock,
    *,
    actor: Actor,
    variant_id: UUID,
    changes: VariantChanges,
    expected: Expected = ANY,
) -> PostVariant:
    """Change what is given: either in time to be sent so, or not at all.

    Raises:
        Conflict: `POST_ARCHIVED`; `VARIANT_ALREADY_PUBLISHED`, or `VARIANT_BEING_PUBLISHED` while
            its post is;
            `VARIANT_HAS_ACTIVE_SCHEDULES`, each of its parts has one, so of a thread that is
            scheduled only the words can be changed.
        RuleViolation: `CONTENT_TOO_LONG`, with the count and the limit, of any part of the
            thread; `THREADS_NOT_SUPPORTED`; `INVALID_SETTING`; see also `demand_files`. What its
            network does not show of a variant that is ready or scheduled.
        PreconditionFailed: it has changed since.
    """
    with begin() as work:
        variant = actor.own(work.variants.get_for_update(variant_id), "variant")
        expected.demand(variant.version)
        post = actor.in_organization(work.posts.get_for_update(variant.post_id), "post")
        post.demand_unarchived()
        if post.status == PostStatus.PUBLISHING:
            raise Conflict("VARIANT_BEING_PUBLISHED", "Its post is being published at this moment")
        thread = variant.thread
        channel = find_channel(variant.channel)
        now = clock()
        variant.edit(changes, channel, now=now)
        if not variant.has_shape_of(thread):
            _demand_unscheduled(work, variant)
        if changes.keys() & {"media", "thread", "settings"}:
            _demand_showable(work, variant, channel)
            work.fitting.want([variant], at=variant.updated_at)
        work.happenings.record(
            happened_to(
                variant,
                Happening.POST_VARIANT_UPDATED,
                by=actor.user_id,
                at=now,
                changed=sorted(changes),
            )
        )
    return variant


def _demand_unscheduled(work: ContentUnitOfWork, variant: PostVariant) -> None:
    active = work.schedules.count_active(variant_id=variant.id)
    if active:
        raise Conflict(
            "VARIANT_HAS_ACTIVE_SCHEDULES",
            "Each part of this thread is scheduled: cancel them before you add or take away parts"
            " or change their delays",
            meta={"active_schedules": active},
        )


def _demand_showable(work: ContentUnitOfWork, variant: PostVariant, channel: Channel) -> None:
    """A draft may show what does not fit yet, if only it is there."""
    demand_files(work.media, variant)
    draft = variant.draft
    files = work.media.files(variant.organization_id, draft.media_ids)
    problems = unshowable(replace(draft, files=files), channel)
    if problems and (
        variant.status != VariantStatus.DRAFT or work.schedules.count_active(variant_id=variant.id)
    ):
        demand_none(told(problems))
