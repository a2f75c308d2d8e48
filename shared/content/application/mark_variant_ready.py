"""Declare a variant finished."""

from uuid import UUID

from shared.content.application.own import own
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
        variant = own(work.variants.get_for_update(variant_id), actor, "variant")
        variant.mark_ready(now=clock())
    return variant
