"""The built-in roles of a member, and what each may do: a role holds what the ones below hold."""

from enum import StrEnum

from shared.identity.domain.permissions import EVERY_WORD, PLATFORM


class Role(StrEnum):
    """From the one that may do most to the one that may do least."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    USER = "user"
    VIEWER = "viewer"

    def is_above(self, other: "Role") -> bool:
        return _ORDER.index(self) < _ORDER.index(other)


_ORDER = tuple(Role)

_VIEWER = frozenset(
    {
        "posts:read",
        "templates:read",
        "media:read",
        "schedules:read",
        "channels:read",
        "members:read",
    }
)
_USER = _VIEWER | {
    "posts:write:own",
    "posts:delete:own",
    "templates:write:own",
    "templates:delete:own",
    "media:write:own",
    "media:delete:own",
    "generation:create:own",
    "schedules:write:own",
}
_EDITOR = _USER | {
    "posts:write",
    "posts:delete",
    "templates:write",
    "templates:delete",
    "media:write",
    "media:delete",
    "generation:create",
    "schedules:write",
}
_ADMIN = _EDITOR | {
    "channels:connect",
    "channels:disconnect",
    "channels:configure",
    "members:manage",
    "organization:update",
    "roles:manage",
    "ui_presets:manage",
    "api_keys:read",
    "api_keys:manage",
    "logs:read",
    "audit:read",
}
_OWNER = _ADMIN | EVERY_WORD

PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.OWNER: _OWNER,
    Role.ADMIN: _ADMIN,
    Role.EDITOR: _EDITOR,
    Role.USER: _USER,
    Role.VIEWER: _VIEWER,
}

ROOT_PERMISSIONS = _OWNER | PLATFORM.keys()
"""Every word there is."""
