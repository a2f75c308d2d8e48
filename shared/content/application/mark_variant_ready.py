"""Declare a variant finished."""

from uuid import UUID

from shared.content.application.ports import Begin, FindChannel
from shared.content.domain.happenings import happened_to
from shared.content.domain.variant import PostVariant
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happening


def mark_variant_ready(
    begin: Begin, find_channel: FindChannel, clock: Clock, *, actor: Actor, variant_id: UUID
) -> PostVariant:
    """Raise a draft to ready.

    Raises:
        Conflict: `POST_ARCHIVED`.
        RuleViolation: `VARIANT_NOT_DRAFT`; or why its network would not take it, the same that
            would keep it from being scheduled.
    """
    with begin() as work:
        variant = actor.own(work.variants.get_for_update(variant_id), "variant")
        post = actor.in_organization(work.posts.get_for_update(variant.post_id), "post")
        post.demand_unarchived()
        files = work.media.files(variant.organization_id, variant.draft.media_ids)
        now = clock()
        variant.mark_ready(find_channel(variant.channel), files, now=now)
        work.happenings.record(
            happened_to(variant, Happening.POST_VARIANT_READY, by=actor.user_id, at=now)
        )
    return variant
