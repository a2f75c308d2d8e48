"""Edit a variant."""

from uuid import UUID

from shared.content.application.ports import Begin, ContentUnitOfWork, FindChannel
from shared.content.domain.happenings import happened_to
from shared.content.domain.post_status import PostStatus
from shared.content.domain.variant import PostVariant, VariantChanges
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, RuleViolation
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected


def update_variant(
    begin: Begin,
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
            thread; `THREADS_NOT_SUPPORTED`; `INVALID_SETTING`; `MEDIA_NOT_SUPPORTED`, it is
            scheduled, and would leave without them.
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
        now = clock()
        variant.edit(changes, find_channel(variant.channel), now=now)
        is_reshaped = not variant.has_shape_of(thread)
        if variant.media or is_reshaped:
            _demand_unscheduled(work, variant, is_reshaped=is_reshaped)
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


def _demand_unscheduled(
    work: ContentUnitOfWork, variant: PostVariant, *, is_reshaped: bool
) -> None:
    active = work.schedules.count_active(variant_id=variant.id)
    if not active:
        return
    if is_reshaped:
        raise Conflict(
            "VARIANT_HAS_ACTIVE_SCHEDULES",
            "Each part of this thread is scheduled: cancel them before you add or take away parts"
            " or change their delays",
            meta={"active_schedules": active},
        )
    raise RuleViolation(
        "MEDIA_NOT_SUPPORTED",
        "Media cannot be published yet, and this variant is scheduled",
        field="media",
    )
