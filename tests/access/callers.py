"""Whoever may call: members of each role, strangers, people who wait, programs, nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, insert

from shared.identity.adapters.api_key_texts import RandomKeys
from shared.identity.adapters.credential_tables import api_keys
from shared.identity.adapters.session_tokens import JwtSessionTokens
from shared.identity.domain.permissions import CATALOGUE, EVERY_WORD, OWN, OWNABLE
from shared.identity.domain.roles import PERMISSIONS, Role
from shared.infrastructure.database import engine
from shared.infrastructure.tokens import tokens
from shared.kernel.clock import utc_now
from shared.kernel.ids import OrganizationId
from tests.access.rows import copy, copy_membership, distinct
from tests.access.world import World
from tests.api import Api


class Caller(StrEnum):
    """In the order of the table."""

    VIEWER = "viewer"
    USER = "user"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"
    OWN = "custom role: own"
    ANY = "custom role: any"
    ROOT = "root, a viewer here"
    KEY = "key, all scopes"
    OTHER_KEY = "key, other scope"
    STRANGER = "another organization"
    PENDING = "pending"
    DISABLED = "disabled"
    NOBODY = "nobody"


ROLE = {
    Caller.VIEWER: Role.VIEWER,
    Caller.USER: Role.USER,
    Caller.EDITOR: Role.EDITOR,
    Caller.ADMIN: Role.ADMIN,
    Caller.ROOT: Role.VIEWER,
    Caller.OWN: Role.VIEWER,
    Caller.ANY: Role.VIEWER,
}
"""The others are owners."""
CUSTOM = {
    Caller.OWN: sorted(word + OWN for word in OWNABLE),
    Caller.ANY: sorted(CATALOGUE),
}
STATUS = {Caller.PENDING: "pending_approval", Caller.DISABLED: "disabled"}
KEYS = {Caller.KEY, Caller.OTHER_KEY}
UNPROVED = {Caller.PENDING, Caller.DISABLED, Caller.NOBODY}


def held_by(caller: Caller, permission: str) -> frozenset[str]:
    """The words the caller holds, as the domain has them; `permission` is the route's."""
    match caller:
        case Caller.OWN | Caller.ANY:
            return frozenset(CUSTOM[caller])
        case Caller.OTHER_KEY:
            return frozenset({other_scope(permission)})
        case _:
            return PERMISSIONS[ROLE.get(caller, Role.OWNER)]


def other_scope(permission: str | None) -> str:
    """One that does not let anybody do that."""
    return "members:read" if permission != "members:read" else "channels:read"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody new of that kind; `headers` prove them."""

    user_id: UUID
    organization_id: UUID
    headers: Mapping[str, str] = field(repr=False)
    api: Api


def arrive(world: World, caller: Caller, permission: str | None) -> Person:
    """Somebody nobody has seen before, without a round through the front door."""
    model = world.stranger if caller is Caller.STRANGER else world.author
    with engine().begin() as database:
        user_id = copy(
            database,
            "users",
            model.user_id,
            email=f"{distinct()}@example.com",
            status=STATUS.get(caller, "active"),
            is_root=caller is Caller.ROOT,
        )
        copy_membership(
            database,
            model.user_id,
            user_id=user_id,
            role=ROLE.get(caller, Role.OWNER),
            custom_role_id=_custom_role(database, world, caller),
        )
        organization_id = OrganizationId(model.organization_id)
        if caller is Caller.NOBODY:
            headers = {}
        elif caller in KEYS:
            scopes = EVERY_WORD if caller is Caller.KEY else {other_scope(permission)}
            headers = {"X-API-Key": _key(database, user_id, organization_id, sorted(scopes))}
        else:
            token = _session(database, world, user_id, organization_id)
            headers = {"Authorization": f"Bearer {token}"}
    return Person(user_id=user_id, organization_id=organization_id, headers=headers, api=world.api)


def _custom_role(database: Connection, world: World, caller: Caller) -> UUID | None:
    if caller not in CUSTOM:
        return None
    changes = {"slug": distinct(), "permissions": CUSTOM[caller]}
    return copy(database, "custom_roles", world.standing["role_id"], **changes)


def _session(
    database: Connection, world: World, user_id: UUID, organization_id: OrganizationId
) -> str:
    session_id = copy(
        database,
        "user_sessions",
        world.standing["session_id"],
        user_id=user_id,
        organization_id=organization_id,
    )
    issued = JwtSessionTokens(tokens()).issue(
        user_id=user_id, organization_id=organization_id, session_id=session_id, now=utc_now()
    )
    return issued.access_token


def _key(
    database: Connection, user_id: UUID, organization_id: OrganizationId, scopes: list[str]
) -> str:
    made, now = RandomKeys(tokens()).new(), utc_now()
    database.execute(
        insert(api_keys).values(
            id=user_id,
            organization_id=organization_id,
            user_id=user_id,
            name="Key",
            prefix=made.prefix,
            key_hash=made.hash,
            scopes=scopes,
            created_by=user_id,
            created_at=now,
        )
    )
    return made.text
