"""What a member of an organization may do: each role has the permissions of the ones below it."""

from enum import StrEnum


class Role(StrEnum):
    """From the one that may do most to the one that may do least."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    USER = "user"
    VIEWER = "viewer"


_VIEWER = frozenset({"posts:read", "channels:read", "schedules:read"})
_USER = _VIEWER | {"posts:write", "schedules:write"}
_EDITOR = _USER | {"posts:delete"}
_ADMIN = _EDITOR | {"channels:connect", "channels:disconnect"}

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OWNER: _ADMIN,
    Role.ADMIN: _ADMIN,
    Role.EDITOR: _EDITOR,
    Role.USER: _USER,
    Role.VIEWER: _VIEWER,
}
PLATFORM_PERMISSIONS = frozenset({"users:read", "users:approve"})
"""They reach across organizations, so no role has them: they are root's."""


def permissions_of(role: Role, *, is_root: bool) -> frozenset[str]:
    """The words a member holds; root holds every one there is."""
    return PERMISSIONS[Role.OWNER] | PLATFORM_PERMISSIONS if is_root else PERMISSIONS[role]
