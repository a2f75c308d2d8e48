"""A tag as the organization knows it, beside the names that its posts carry."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from shared.content.domain.rules import demand_tags, one_line
from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied, RuleViolation
from shared.kernel.ids import OrganizationId, new_id


class TagChanges(TypedDict, total=False):
    """What is absent stays; a colour of None is taken away."""

    name: str
    colour: str | None


@dataclass(kw_only=True, eq=False)
class Tag:
    """`colour` is ``#rrggbb`` in small letters; no two of an organization have one name."""

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    name: str
    created_at: datetime
    updated_at: datetime
    colour: str | None = None

    @classmethod
    def named(
        cls, name: str, *, organization_id: OrganizationId, created_by: UUID, now: datetime
    ) -> "Tag":
        return cls(
            id=new_id(),
            organization_id=organization_id,
            created_by=created_by,
            name=tag_name(name),
            created_at=now,
            updated_at=now,
        )


def tag_name(name: str) -> str:
    """The name as posts would carry it.

    Raises:
        RuleViolation: none could.
    """
    try:
        demand_tags([name])
    except RuleViolation as broken:
        raise RuleViolation(broken.code, broken.description, field="name") from broken
    return one_line(name)


def demand_everybodys(actor: Actor) -> None:
    """Refuse whoever reaches only what they have written: a tag is on the posts of everybody.

    Raises:
        PermissionDenied: `TAG_ACCESS_DENIED`.
    """
    if actor.only_own:
        raise PermissionDenied(
            "TAG_ACCESS_DENIED", "This tag is on others' posts as well, which are not yours"
        )
