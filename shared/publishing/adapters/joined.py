"""Schedules together with what they name, asked of those whose it is, a query for each context."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from shared.channels.api import cards as channels
from shared.content.api import cards
from shared.kernel.actor import Actor

PARTS = ("post", "variant", "connection")


@dataclass(frozen=True, kw_only=True)
class Joined:
    """What was not asked for, is gone, or may not be seen by the actor is None."""

    schedule: Row[Any]
    post: cards.PostCard | None
    variant: cards.VariantCard | None
    connection: channels.ConnectionCard | None


def joined(
    session: Session, actor: Actor, schedules: Sequence[Row[Any]], parts: Collection[str] = PARTS
) -> list[Joined]:
    wants_content = bool({"post", "variant"} & set(parts)) and bool(schedules)
    variants = (
        cards.cards(session, actor, {each.post_variant_id for each in schedules})
        if wants_content
        else {}
    )
    connections = (
        channels.cards(session, actor, {each.channel_connection_id for each in schedules})
        if "connection" in parts and schedules
        else {}
    )
    return [
        Joined(
            schedule=each,
            post=variant.post if variant and "post" in parts else None,
            variant=variant if "variant" in parts else None,
            connection=connections.get(each.channel_connection_id),
        )
        for each in schedules
        for variant in [variants.get(each.post_variant_id)]
    ]
