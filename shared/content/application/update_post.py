"""Edit a post."""

from uuid import UUID

from shared.content.application.ports import Begin, Markup
from shared.content.domain.happenings import happened_to
from shared.content.domain.post import Post, PostChanges
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening
from shared.kernel.versions import ANY, Expected


def update_post(
    begin: Begin,
    markup: Markup,
    clock: Clock,
    *,
    actor: Actor,
    post_id: UUID,
    changes: PostChanges,
    expected: Expected = ANY,
) -> Post:
    """Change what is given; variants keep their own words.

    Raises:
        Conflict: `CANNOT_UPDATE_PUBLISHED_POST`.
        PreconditionFailed: it has changed since.
    """
    clean = changes.copy()
    if title := changes.get("title"):
        clean["title"] = markup.strip_tags(title)
    if "description" in changes:
        clean["description"] = markup.clean_html(changes["description"])
    with begin() as work:
        post = actor.own(work.posts.get_for_update(post_id), "post")
        expected.demand(post.version)
        now = clock()
        post.edit(clean, now=now)
        work.happenings.record(
            happened_to(
                post, Happening.POST_UPDATED, by=actor.user_id, at=now, changed=sorted(clean)
            )
        )
    return post
