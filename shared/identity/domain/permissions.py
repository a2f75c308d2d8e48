"""The words for what may be done: ``resource:action``, alone or with the condition ``own``.

``posts:write`` reaches every post of the organization, ``posts:write:own`` those one has created.
"""

from collections.abc import Collection

from shared.kernel.errors import RuleViolation

OWN = ":own"

CATALOGUE = {
    "posts:read": "see posts and their variants",
    "posts:write": "write and change posts and their variants",
    "posts:delete": "delete posts and variants",
    "templates:read": "see templates",
    "templates:write": "write and change templates",
    "templates:delete": "delete templates",
    "media:read": "see the files of the media library",
    "media:write": "upload files, and say what they show",
    "media:delete": "delete and restore files",
    "generation:create": "have texts generated, and see what came of it",
    "schedules:read": "see schedules, series, slots and what became of them",
    "schedules:write": "schedule, move, cancel and settle",
    "channels:read": "see connected accounts",
    "channels:connect": "connect accounts and change how they publish",
    "channels:disconnect": "disconnect accounts",
    "channels:configure": "keep the credentials of the organization's own applications at networks",
    "members:read": "see who belongs to the organization",
    "members:manage": "invite, remove and give roles to members",
    "organization:update": "rename the organization and change its rules",
    "roles:manage": "make and change roles, grant and revoke permissions",
    "ui_presets:manage": "decide how the front end looks to the members of a role",
    "api_keys:read": "see service accounts and API keys",
    "api_keys:manage": "make and revoke service accounts and API keys",
    "logs:read": "see the organization's requests, logs and events, and what became of each",
    "audit:read": "see who did what, and prove that nothing of it was changed",
}
"""What members of an organization may be allowed."""

PLATFORM = {
    "users:read": "see everybody with an account",
    "users:approve": "admit or reject who has registered",
    "users:manage": "disable, log out, delete and restore users",
    "platform:configure": "keep what all organizations share: applications, global presets, flags",
}
"""They reach across organizations, so no role has them: they are root's."""

_OWNABLE = {"posts", "templates", "media", "generation", "schedules"}
OWNABLE = frozenset(word for word in CATALOGUE if word.partition(":")[0] in _OWNABLE)
"""What may be limited to one's own things."""

EVERY_WORD = frozenset(CATALOGUE) | {word + OWN for word in OWNABLE}
"""What a role, a grant or a key may name."""


def demand_known(permissions: Collection[str], *, field: str) -> None:
    """Refuse words that mean nothing.

    Raises:
        RuleViolation: `UNKNOWN_PERMISSION`.
    """
    if unknown := sorted(set(permissions) - EVERY_WORD):
        raise RuleViolation(
            "UNKNOWN_PERMISSION",
            f"There is no permission {', '.join(unknown)}",
            field=field,
            meta={"permissions": sorted(EVERY_WORD)},
        )


def is_held(permission: str, held: Collection[str]) -> bool:
    """Whether somebody who holds `held` may do what `permission` says, and no less than that."""
    return permission in held or permission.removesuffix(OWN) in held
