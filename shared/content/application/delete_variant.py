"""Take a variant off every list."""

from uuid import UUID

from shared.content.application.ports import Begin
from shared.content.domain.happenings import happened_to
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected


def delete_variant(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    variant_id: UUID,
    force: bool,
    expected: Expected = ANY,
) -> None:
    """Delete softly, and end its series; `force` cancels its schedules first.

    Raises:
        PermissionDenied: also of a schedule, where it would be cancelled.
        Conflict: `POST_ARCHIVED`; `VARIANT_ALREADY_PUBLISHED`, or `VARIANT_HAS_ACTIVE_SCHEDULES`,
            also where something is being sent by now.
        PreconditionFailed: it has changed since.
    """
    now = clock()
    with begin() as work:
        seen = actor.own(work.variants.get(variant_id), "variant")
        expected.demand(seen.version)
        seen.demand_unpublished()
        work.schedules.end_series(variant_id=variant_id, now=now)
        variant = actor.own(work.variants.get_for_update(variant_id), "variant")
        expected.demand(variant.version)
        if force:  # which locks the post, so that the variant must be held by now
            work.schedules.cancel_active(variant_id=variant_id, actor=actor, now=now)
        post = actor.in_organization(work.posts.get_for_update(variant.post_id), "post")
        post.demand_unarchived()
        variant.delete(now=now)
        active = work.schedules.count_active(variant_id=variant_id)
        if active:
            raise Conflict(
                "VARIANT_HAS_ACTIVE_SCHEDULES",
                f"{active} schedules of this variant are still to be sent, or being sent",
                meta={"active_schedules": active},
            )
        work.happenings.record(
            happened_to(
                variant, Happening.POST_VARIANT_DELETED, by=actor.user_id, at=now, force=force
            )
        )
