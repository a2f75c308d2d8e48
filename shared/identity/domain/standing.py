"""How high somebody stands in an organization: nobody manages an equal or a higher one."""

from collections.abc import Iterable
from dataclasses import dataclass

from shared.identity.domain.permissions import is_held
from shared.identity.domain.roles import PERMISSIONS, ROOT_PERMISSIONS, Role
from shared.kernel.errors import PermissionDenied


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`role` is the built-in one; without it, as with a custom role, only `permissions` count."""

    permissions: frozenset[str]
    role: Role | None = None
    is_root: bool = False

    @classmethod
    def of_role(cls, role: Role) -> "Standing":
        return cls(role=role, permissions=PERMISSIONS[role])

    def is_above(self, other: "Standing") -> bool:
        """An owner is above all but owners, a built-in role above those further down the list.

        Where either has no built-in role, the one above holds all the other holds, and more.
        """
        if self.is_root:
            return True
        if Role.OWNER in {self.role, other.role}:
            return other.role is not Role.OWNER
        if self.role and other.role:
            return self.role.is_above(other.role)
        return not self.lacks(other.permissions) and bool(other.lacks(self.permissions))

    def lacks(self, permissions: Iterable[str]) -> list[str]:
        return sorted(word for word in permissions if not is_held(word, self.permissions))

    def demand_above(self, other: "Standing") -> None:
        """Refuse to manage somebody who is not below.

        Raises:
            PermissionDenied: `INSUFFICIENT_ROLE`.
        """
        if not self.is_above(other):
            raise PermissionDenied(
                "INSUFFICIENT_ROLE", "Only somebody with a higher role may do this to a member"
            )

    def may_give(self, wanted: "Standing") -> bool:
        """Whether `demand_may_give` lets it pass."""
        holds = not self.lacks(wanted.permissions)
        return holds and (self.role is Role.OWNER or self.is_above(wanted))

    def demand_may_give(self, wanted: "Standing") -> None:
        """Refuse to give a role that is not below one's own; owners alone make owners.

        Raises:
            PermissionDenied: `PERMISSION_NOT_HELD` or `INSUFFICIENT_ROLE`.
        """
        self.demand_holds(wanted.permissions)
        if self.role is not Role.OWNER:
            self.demand_above(wanted)

    def demand_holds(self, permissions: Iterable[str]) -> None:
        """Refuse to give what one does not hold.

        Raises:
            PermissionDenied: `PERMISSION_NOT_HELD`.
        """
        if missing := self.lacks(permissions):
            raise PermissionDenied(
                "PERMISSION_NOT_HELD",
                "Nobody gives a permission they do not hold themselves",
                meta={"permissions": missing},
            )


ROOT = Standing(permissions=ROOT_PERMISSIONS, is_root=True)
