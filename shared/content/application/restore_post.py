"""Bring a deleted post back."""

from uuid import UUID

from shared.content.application.ports import Begin
from shared.content.domain.happenings import happened_to
from shared.content.domain.post import Post
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected


def restore_post(
    begin: Begin, clock: Clock, *, actor: Actor, post_id: UUID, expected: Expected = ANY
) -> Post:
    """With the variants that went with it; what was cancelled or ended stays so.

    Raises:
        Conflict: `POST_RESTORE_EXPIRED`.
        PreconditionFailed: it has changed since.
    """
    with begin() as work:
        post = actor.own(work.posts.get_even_deleted(post_id), "post")
        expected.demand(post.version)
        now = clock()
        post.restore(now=now)
        work.happenings.record(happened_to(post, Happening.POST_RESTORED, by=actor.user_id, at=now))
    return post
