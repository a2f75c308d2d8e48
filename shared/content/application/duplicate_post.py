"""Write a post once more, to change it from there."""

from uuid import UUID

from shared.content.application.ports import Begin, Markup
from shared.content.domain.happenings import happened_to
from shared.content.domain.post import Post
from shared.content.domain.rules import TITLE_LENGTH
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening

_MARK = " (copy)"


def duplicate_post(
    begin: Begin,
    markup: Markup,
    clock: Clock,
    *,
    actor: Actor,
    post_id: UUID,
    title: str | None,
    with_variants: bool,
    with_tags: bool,
) -> Post:
    """Store a draft of the same words, and of its variants those that the actor reaches.

    Neither knows of what has become of the first: schedules are not copied. Without a new `title`
    it has the old one, marked.
    """
    now = clock()
    with begin() as work:
        original = actor.own(work.posts.get(post_id), "post")
        post = Post.write(
            organization_id=original.organization_id,
            created_by=actor.user_id,
            title=markup.strip_tags(title) if title else _marked(original.title),
            description=original.description,
            tags=original.tags if with_tags else [],
            metadata=original.metadata,
            now=now,
        )
        work.posts.add(post)
        by = actor.user_id
        told = [happened_to(post, Happening.POST_CREATED, by=by, at=now, copy_of=str(original.id))]
        if with_variants:
            for variant in work.variants.of_post(post_id):
                if actor.reaches(variant):
                    copy = variant.copied_to(post, created_by=by, now=now)
                    work.variants.add(copy)
                    told.append(happened_to(copy, Happening.POST_VARIANT_CREATED, by=by, at=now))
        work.happenings.record(*told)
    return post


def _marked(title: str | None) -> str | None:
    return title and title[: TITLE_LENGTH - len(_MARK)] + _MARK
