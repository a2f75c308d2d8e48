"""Take a post out of the archive."""

from uuid import UUID

from shared.content.application.ports import Begin
from shared.content.domain.post import Post
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def unarchive_post(begin: Begin, clock: Clock, *, actor: Actor, post_id: UUID) -> Post:
    """Its status follows from its schedules again; series that ended with it stay ended."""
    with begin() as work:
        post = actor.own(work.posts.get_for_update(post_id), "post")
        post.unarchive(work.schedules.statuses(post_id), now=clock())
    return post
