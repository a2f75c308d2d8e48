"""Give a tag a colour, or another name."""

from shared.content.application.ports import Begin
from shared.content.domain.happenings import happened_to_tag
from shared.content.domain.tag import Tag, TagChanges, demand_everybodys, tag_name
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.happenings import Happening


def change_tag(begin: Begin, clock: Clock, *, actor: Actor, name: str, changes: TagChanges) -> Tag:
    """Keep what is given; a new name goes onto every post that has the old one.

    Where the new name is a tag already, the two become one, with its colour if it has one.

    Raises:
        PermissionDenied: `TAG_ACCESS_DENIED`.
        NotFound: `TAG_NOT_FOUND`; there is nothing to rename.
        RuleViolation: no tag can have that name.
    """
    demand_everybodys(actor)
    now, organization_id = clock(), actor.organization_id
    old = tag_name(name)
    new = tag_name(changes.get("name", old))
    with begin() as work:
        if new != old and not work.tags.is_known(organization_id, old):
            raise NotFound("TAG_NOT_FOUND", "There is no such tag")
        if old < new:
            # Before the other is held: two who swap names shall not wait for each other.
            work.tags.get_for_update(organization_id, old)
        work.tags.ensure(
            Tag.named(new, organization_id=organization_id, created_by=actor.user_id, now=now)
        )
        kept = {
            each: work.tags.get_for_update(organization_id, each) for each in sorted({old, new})
        }
        tag, former = kept[new], kept[old]
        assert tag is not None
        if new != old:
            if former is not None:
                tag.colour = tag.colour or former.colour
                work.tags.forget(former)
            work.tags.rename(organization_id, old, new)
        tag.colour = changes.get("colour", tag.colour)
        tag.updated_at = now
        work.happenings.record(
            happened_to_tag(tag, Happening.TAG_UPDATED, by=actor, at=now, name=new, name_before=old)
        )
    return tag
