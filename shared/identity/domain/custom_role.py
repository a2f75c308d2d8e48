"""A role an organization makes for itself out of permission words."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.identity.domain.name import plain_name
from shared.identity.domain.permissions import demand_known
from shared.identity.domain.roles import Role
from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId, new_id

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
MAXIMUM_ROLES = 50
"""Of one organization: more than anybody can tell apart."""


@dataclass(kw_only=True, eq=False)
class CustomRole:
    """`permissions` are known words, each once, in order."""

    id: UUID
    organization_id: OrganizationId
    slug: str
    name: str
    description: str | None
    permissions: list[str]
    created_by: UUID
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = field(default=None)

    @classmethod
    def make(
        cls,
        *,
        organization_id: OrganizationId,
        slug: str,
        name: str,
        description: str | None,
        permissions: frozenset[str],
        created_by: UUID,
        now: datetime,
    ) -> "CustomRole":
        """A new role.

        Raises:
            RuleViolation: `INVALID_ROLE_SLUG`, `UNKNOWN_PERMISSION` or `VALIDATION_ERROR`.
        """
        if not SLUG.fullmatch(slug) or slug in set(Role):
            raise RuleViolation(
                "INVALID_ROLE_SLUG",
                "A slug has 1 to 60 of a-z, 0-9, - and _, and is no built-in role's",
                field="slug",
            )
        return cls(
            id=new_id(),
            organization_id=organization_id,
            slug=slug,
            name=plain_name(name),
            description=description,
            permissions=_in_order(permissions),
            created_by=created_by,
            created_at=now,
            updated_at=now,
        )

    def change(
        self,
        *,
        now: datetime,
        name: str | None = None,
        description: str | None = None,
        permissions: frozenset[str] | None = None,
    ) -> None:
        """Change what is given; whoever has the role may what it says from now on.

        Raises:
            RuleViolation: `UNKNOWN_PERMISSION` or `VALIDATION_ERROR`.
        """
        if name is not None:
            self.name = plain_name(name)
        if description is not None:
            self.description = description
        if permissions is not None:
            self.permissions = _in_order(permissions)
        self.updated_at = now

    def delete(self, now: datetime) -> None:
        self.deleted_at = now


def _in_order(permissions: frozenset[str]) -> list[str]:
    demand_known(permissions, field="permissions")
    return sorted(permissions)
