"""Take a post, and its variants with it, off every list."""

from uuid import UUID

from shared.content.application.ports import Begin
from shared.content.domain.happenings import happened_to
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected


def delete_post(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    post_id: UUID,
    force: bool,
    cascade: bool = True,
    expected: Expected = ANY,
) -> None:
    """Delete softly, and end its series; `force` cancels its schedules first.

    Without `cascade` a post is only deleted if that takes no variants along.

    Raises:
        PermissionDenied: also of a schedule, where it would be cancelled.
        Conflict: `CANNOT_DELETE_SCHEDULED_POST`, also where something is being sent by now;
            `POST_HAS_VARIANTS`.
        PreconditionFailed: it has changed since.
    """
    now = clock()
    with begin() as work:
        expected.demand(actor.own(work.posts.get(post_id), "post").version)
        work.schedules.end_series(post_id=post_id, now=now)
        cancelled = (
            work.schedules.cancel_active(post_id=post_id, actor=actor, now=now) if force else 0
        )
        post = actor.own(work.posts.get_for_update(post_id), "post")
        # To cancel may be a change of the post: that one is ours, and nobody's since it was made.
        own_steps = int(bool(cancelled) and post.updated_at == now)
        expected.demand(post.version - own_steps)
        active = work.schedules.count_active(post_id=post_id)
        if active:
            raise Conflict(
                "CANNOT_DELETE_SCHEDULED_POST",
                f"{active} schedules of this post are still to be sent, or being sent",
                meta={"active_schedules": active},
            )
        if not cascade and (variants := len(work.variants.of_post(post_id))):
            raise Conflict(
                "POST_HAS_VARIANTS",
                f"{variants} variants would be deleted with this post",
                meta={"variants": variants},
            )
        post.delete(now=now)
        work.happenings.record(
            happened_to(post, Happening.POST_DELETED, by=actor.user_id, at=now, force=force)
        )
