"""Bring a deleted post back."""

from uuid import UUID

from shared.content.application.ports import Begin
from shared.content.domain.post import Post
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def restore_post(begin: Begin, clock: Clock, *, actor: Actor, post_id: UUID) -> Post:
    """With the variants that went with it; what was cancelled or ended stays so.

    Raises:
        Conflict: `POST_RESTORE_EXPIRED`.
    """
    with begin() as work:
        post = actor.own(work.posts.get_even_deleted(post_id), "post")
        post.restore(now=clock())
    return post
