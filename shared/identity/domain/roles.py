"""What a member of an organization may do: each role has the permissions of the ones below it."""

from typing import Literal, get_args

Role = Literal["owner", "admin", "editor", "user", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)

_VIEWER = frozenset({"posts:read", "channels:read", "schedules:read"})
_USER = _VIEWER | {"posts:write", "schedules:write"}
_EDITOR = _USER | {"posts:delete"}
_ADMIN = _EDITOR | {"channels:connect", "channels:disconnect"}

PERMISSIONS: dict[Role, frozenset[str]] = {
    "owner": _ADMIN,
    "admin": _ADMIN,
    "editor": _EDITOR,
    "user": _USER,
    "viewer": _VIEWER,
}
PLATFORM_PERMISSIONS = frozenset({"users:read", "users:approve"})
"""They reach across organizations, so no role has them: they are root's."""


def permissions_of(role: Role, *, is_root: bool) -> frozenset[str]:
    """The words a member holds; root holds every one there is."""
    return PERMISSIONS["owner"] | PLATFORM_PERMISSIONS if is_root else PERMISSIONS[role]
