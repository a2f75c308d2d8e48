"""Declare a variant finished."""

from uuid import UUID

from shared.content.application.ports import Begin
from shared.content.domain.variant import PostVariant
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def mark_variant_ready(
    begin: Begin, clock: Clock, *, actor: Actor, variant_id: UUID
) -> PostVariant:
    """Raise a draft to ready.

    Raises:
        RuleViolation: `VARIANT_NOT_DRAFT`.
    """
    with begin() as work:
        variant = actor.own(work.variants.get_for_update(variant_id), "variant")
        variant.mark_ready(now=clock())
    return variant
