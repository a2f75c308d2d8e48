"""Put a post away."""

from uuid import UUID

from shared.content.application.ports import Begin
from shared.content.domain.happenings import happened_to
from shared.content.domain.post import Post
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected


def archive_post(
    begin: Begin,
    clock: Clock,
    *,
    actor: Actor,
    post_id: UUID,
    force: bool,
    expected: Expected = ANY,
) -> Post:
    """Archive it, and end its series; `force` cancels its schedules first.

    Raises:
        PermissionDenied: also of a schedule, where it would be cancelled.
        Conflict: `CANNOT_ARCHIVE_SCHEDULED_POST`, also where something is being sent by now.
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
        if not cancelled:  # which changes the post itself, and has locked it since
            expected.demand(post.version)
        active = work.schedules.count_active(post_id=post_id)
        if active:
            raise Conflict(
                "CANNOT_ARCHIVE_SCHEDULED_POST",
                f"{active} schedules of this post are still to be sent, or being sent",
                meta={"active_schedules": active},
            )
        post.archive(now=now)
        work.happenings.record(
            happened_to(post, Happening.POST_ARCHIVED, by=actor.user_id, at=now, force=force)
        )
    return post
