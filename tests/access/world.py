"""Two organizations with a thing of every kind in one of them, made through the front door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from shared.channels.adapters import vault
from shared.channels.adapters.authorization_tables import channel_journeys
from shared.identity.adapters.access_tables import custom_roles, invitations
from shared.identity.adapters.credential_tables import passkeys
from shared.identity.adapters.tables import user_sessions
from shared.infrastructure.database import engine
from shared.kernel.clock import utc_now
from shared.kernel.ids import new_id
from shared.presets.adapters.tables import ui_presets
from tests.access.rows import copy, copy_membership, distinct, minute
from tests.accounts import Account, approved_user, root
from tests.api import Api
from tests.author import Author, in_future

Things = Mapping[str, Callable[..., UUID]]
"""By the name of the path's parameter: a new thing, given the database and whose it is to be."""

PERSONS = {"session_id", "passkey_id"}
"""What is a person's own, whatever organization they act in."""
PEOPLE = {"member_id", "user_id"}
"""What may belong to many organizations."""
WORDS = {
    "permission": "posts:write",
    "provider": "google",
    "channel_key": "mastodon",
    "tool_name": "boards",
    "tag_name": "spring",
    "flag_key": "schedules.bulk_operations",
}
"""What a path names otherwise than by an id."""
FIELDS = {"post_variant_id": "variant_id", "channel_connection_id": "connection_id"}
"""What bodies and queries call things by, and paths otherwise."""


@dataclass(frozen=True, kw_only=True)
class World:
    """`author` has made everything there is in `organization_id`; `stranger` is of another."""

    api: Api
    author: Account
    stranger: Account
    standing: Mapping[str, UUID]
    things: Things

    @property
    def organization_id(self) -> UUID:
        return self.author.organization_id

    def new(self, kind: str, *, of: UUID) -> UUID:
        """A thing of that kind which nobody has touched yet, made by `of`.

        Raises:
            KeyError: there is none of that kind in this module.
        """
        with engine().begin() as database:
            return self.things[kind](database, of)


def world(api: Api) -> World:
    chief = root(api)
    author, stranger = (approved_user(api, chief) for _ in range(2))
    standing = _written(Author.of(author)) | _kept(author)
    return World(
        api=api, author=author, stranger=stranger, standing=standing, things=_things(standing)
    )


def other_side(here: World) -> World:
    """The same of the stranger's organization, seen from there."""
    standing = _written(Author.of(here.stranger)) | _kept(here.stranger)
    return World(
        api=here.api,
        author=here.stranger,
        stranger=here.author,
        standing=standing,
        things=_things(standing),
    )


def _written(author: Author) -> dict[str, UUID]:
    """What people write and schedule."""
    connection = author.connect()
    post, variant = author.write()
    schedule = author.schedule(variant, connection, run_at=in_future(days=30))
    series = author.api.post(
        "/recurrences",
        {
            "post_variant_id": variant,
            "channel_connection_id": connection,
            "rule": "FREQ=MONTHLY",
            "starts_at": in_future(days=40),
        },
    )
    slot = author.api.post(
        "/slots", {"channel_connection_id": connection, "weekday": "monday", "time": "23:59"}
    )
    template = author.api.post(
        "/templates", {"name": "Tea", "template_body": "{{tea}}", "is_public": True}
    )
    written = author.api.post(
        "/generation/generate", {"prompt": "Good morning", "channel_ids": ["mastodon"]}
    ).json["data"]
    imported = author.api.post("/posts/imports", [{"description": "Written elsewhere"}])
    media = author.api.post(
        "/media/uploads", {"name": "tea.jpg", "size": 1, "mime_type": "image/jpeg"}
    )
    made = {
        "connection_id": connection,
        "post_id": post,
        "variant_id": variant,
        "schedule_id": schedule,
        "recurrence_id": series.json["data"]["id"],
        "slot_id": slot.json["data"]["id"],
        "template_id": template.json["data"]["id"],
        "generation_session_id": written["session"]["id"],
        "suggestion_id": written["suggestions"][0]["id"],
        "import_id": imported.json["data"]["id"],
        "media_id": media.json["data"]["media"]["id"],
    }
    return {name: UUID(made_id) for name, made_id in made.items()}


def _kept(author: Account) -> dict[str, UUID]:
    """What an organization and its members have beside that."""
    key = author.api.post("/api-keys", {"name": "Import", "scopes": ["posts:read"]})
    account = author.api.post("/service-accounts", {"name": "Importer", "role": "viewer"})
    preset = author.api.post(
        "/admin/ui-presets/organization", {"name": "All", "settings": {"dark": True}}
    )
    ids = {name: new_id() for name in ("role_id", "invitation_id", "passkey_id", "choice_id")}
    now = utc_now()
    by_author = {"organization_id": author.organization_id, "created_at": now}
    with engine().begin() as database:
        database.execute(
            insert(custom_roles).values(
                **by_author,
                id=ids["role_id"],
                slug=distinct(),
                name="Guest",
                permissions=["posts:read"],
                created_by=author.user_id,
                updated_at=now,
            )
        )
        database.execute(
            insert(invitations).values(
                **by_author,
                id=ids["invitation_id"],
                email="guest@example.com",
                role="viewer",
                token_hash=distinct(),
                invited_by=author.user_id,
                expires_at=in_future(days=7),
            )
        )
        database.execute(
            insert(passkeys).values(
                id=ids["passkey_id"],
                user_id=author.user_id,
                credential_id=distinct().encode(),
                public_key=b"its other half",
                sign_count=0,
                name="Phone",
                transports=[],
                created_at=now,
            )
        )
        database.execute(insert(channel_journeys).values(_choice(author, ids["choice_id"])))
        mine = select(user_sessions.c.id).where(user_sessions.c.user_id == author.user_id)
        ids["session_id"] = database.scalars(mine.limit(1)).one()
    return {
        **ids,
        "api_key_id": UUID(key.json["data"]["id"]),
        "service_account_id": UUID(account.json["data"]["id"]),
        "member_id": author.user_id,
        "preset_id": UUID(preset.json["id"]),
        "source_preset_id": UUID(preset.json["id"]),
    }


def _choice(author: Account, choice_id: UUID) -> dict[str, Any]:
    """Somebody has to choose from no accounts at all."""
    sealed = vault.seal_accounts(choice_id, [])
    return {
        "id": choice_id,
        "organization_id": author.organization_id,
        "created_by": author.user_id,
        "channel": "mastodon",
        "state": "choosing",
        "application_id": choice_id,
        "browser_hash": "",
        "redirect_uri": "",
        "sealed_text": sealed.text,
        "sealed_key_id": sealed.key_id,
        "created_at": utc_now(),
        "expires_at": in_future(days=1),
    }


def _things(standing: Mapping[str, UUID]) -> Things:
    return {
        kind: partial(make, standing) for kind, make in {**_WRITTEN, **_KEPT, **_PERSONS}.items()
    }


Standing = Mapping[str, UUID]


def _made(table: str, kind: str, **more: Callable[[], str]) -> Callable[..., UUID]:
    """By copying; `more` are columns in which no two rows are the same."""

    def make(standing: Standing, database: Connection, of: UUID, **changes: Any) -> UUID:
        own = {name: value() for name, value in more.items()}
        return copy(database, table, standing[kind], created_by=of, **own, **changes)

    return make


_post = _made("posts", "post_id", status=lambda: "draft")


def _variant(standing: Standing, database: Connection, of: UUID) -> UUID:
    make = _made("post_variants", "variant_id", status=lambda: "draft")
    return make(standing, database, of, post_id=_post(standing, database, of))


def _suggestion(standing: Standing, database: Connection, of: UUID) -> UUID:
    """Of a session that has a post of theirs, where accepting it leads to."""
    post = _post(standing, database, of)
    session = _made("generation_sessions", "generation_session_id")
    of_session = session(standing, database, of, post_id=post)
    make = _made("generation_suggestions", "suggestion_id")
    return make(standing, database, of, generation_session_id=of_session)


def _api_key(standing: Standing, database: Connection, of: UUID) -> UUID:
    make = _made("api_keys", "api_key_id", key_hash=distinct)
    return make(standing, database, of, user_id=of)


def _preset(standing: Standing, database: Connection, of: UUID) -> UUID:
    """One's own: there is no second."""
    database.execute(delete(ui_presets).where(ui_presets.c.user_id == of))
    make = _made("ui_presets", "preset_id", scope=lambda: "user")
    return make(standing, database, of, user_id=of)


def _source_preset(standing: Standing, database: Connection, of: UUID) -> UUID:
    role_id = _made("custom_roles", "role_id", slug=distinct)(standing, database, of)
    make = _made("ui_presets", "preset_id", scope=lambda: "role")
    return make(standing, database, of, custom_role_id=role_id)


def _invitation(standing: Standing, database: Connection, of: UUID) -> UUID:
    make = _made("invitations", "invitation_id", email=_address, token_hash=distinct)
    return make(standing, database, of, invited_by=of)


def _member(kind: str, standing: Standing, database: Connection, _of: UUID) -> UUID:
    user_id = copy(database, "users", standing[kind], email=_address(), is_root=False)
    copy_membership(database, standing[kind], user_id=user_id, role="viewer")
    return user_id


def _session(standing: Standing, database: Connection, of: UUID) -> UUID:
    return copy(database, "user_sessions", standing["session_id"], user_id=of)


def _choosing(standing: Standing, database: Connection, of: UUID) -> UUID:
    """What is sealed is so for its row: there is but one that can be opened."""
    return standing["choice_id"]


def _passkey(standing: Standing, database: Connection, of: UUID) -> UUID:
    more = {"user_id": of, "credential_id": f"\\x{new_id().hex}"}
    return copy(database, "passkeys", standing["passkey_id"], **more)


def _address() -> str:
    return f"{distinct()}@example.com"


_WRITTEN: Mapping[str, Callable[..., UUID]] = {
    "post_id": _post,
    "variant_id": _variant,
    "schedule_id": _made("schedules", "schedule_id"),
    "recurrence_id": _made("recurrences", "recurrence_id"),
    "slot_id": _made("posting_slots", "slot_id", local_time=minute),
    "template_id": _made("templates", "template_id", name_key=distinct),
    "generation_session_id": _made("generation_sessions", "generation_session_id"),
    "suggestion_id": _suggestion,
    "import_id": _made("post_imports", "import_id"),
    "media_id": _made("media_assets", "media_id"),
    "connection_id": _made("channel_connections", "connection_id", external_account_id=distinct),
}
_KEPT: Mapping[str, Callable[..., UUID]] = {
    "api_key_id": _api_key,
    "service_account_id": partial(_member, "service_account_id"),
    "member_id": partial(_member, "member_id"),
    "user_id": partial(_member, "member_id"),
    "role_id": _made("custom_roles", "role_id", slug=distinct),
    "invitation_id": _invitation,
    "preset_id": _preset,
    "source_preset_id": _source_preset,
    "choice_id": _choosing,
}
_PERSONS: Mapping[str, Callable[..., UUID]] = {"session_id": _session, "passkey_id": _passkey}
