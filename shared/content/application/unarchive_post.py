"""Take a post out of the archive."""

from uuid import UUID

from shared.content.application.ports import Begin
from shared.content.domain.happenings import happened_to
from shared.content.domain.post import Post
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected


def unarchive_post(
    begin: Begin, clock: Clock, *, actor: Actor, post_id: UUID, expected: Expected = ANY
) -> Post:
    """Its status follows from its schedules again; series that ended with it stay ended.

    Raises:
        PreconditionFailed: it has changed since.
    """
    with begin() as work:
        post = actor.own(work.posts.get_for_update(post_id), "post")
        expected.demand(post.version)
        now = clock()
        post.unarchive(work.schedules.statuses(post_id), now=now)
        work.happenings.record(
            happened_to(post, Happening.POST_UNARCHIVED, by=actor.user_id, at=now)
        )
    return post
