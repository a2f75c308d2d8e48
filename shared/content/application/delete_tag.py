"""Take a tag off every post."""

from shared.content.application.ports import Begin
from shared.content.domain.happenings import happened_to_tag
from shared.content.domain.tag import demand_everybodys
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound
from shared.kernel.happenings import Happening


def delete_tag(begin: Begin, clock: Clock, *, actor: Actor, name: str) -> None:
    """Forget it and its colour; the posts stay.

    Raises:
        PermissionDenied: `TAG_ACCESS_DENIED`.
        NotFound: `TAG_NOT_FOUND`.
    """
    demand_everybodys(actor)
    organization_id = actor.organization_id
    with begin() as work:
        if not work.tags.is_known(organization_id, name):
            raise NotFound("TAG_NOT_FOUND", "There is no such tag")
        tag = work.tags.get_for_update(organization_id, name)
        if tag is not None:
            work.tags.forget(tag)
        work.tags.take_off(organization_id, name)
        work.happenings.record(
            happened_to_tag(tag, Happening.TAG_DELETED, by=actor, at=clock(), name=name)
        )
