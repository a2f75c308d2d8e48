"""People with accounts, made through the front door."""

from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from sqlalchemy import text

from tests.api import Api

PASSWORD = "Correct-Horse-1"
_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Account:
    """A registered person; `api` calls as them, also while they still wait for approval."""

    email: str
    user_id: UUID
    organization_id: UUID
    token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    api: Api


def register(
    api: Api, email: str | None = None, *, name: str = "Ada", timezone: str = "UTC"
) -> Account:
    """The first to register is root; whoever follows waits for approval."""
    answer = api.post(
        "/auth/register",
        {
            "email": email or f"person{next(_numbers)}@example.com",
            "password": PASSWORD,
            "name": name,
            "timezone": timezone,
        },
    )
    assert answer.status == 201, answer.content
    user = answer.json["user"]
    return Account(
        email=user["email"],
        user_id=UUID(user["id"]),
        organization_id=UUID(user["organization"]["id"]),
        token=answer.json["access_token"],
        refresh_token=answer.json["refresh_token"],
        api=api.as_user(answer.json["access_token"]),
    )


def root(api: Api) -> Account:
    """Root, where nobody has registered yet."""
    account = register(api, "root@example.com", name="Root")
    me = account.api.get("/auth/me")
    assert me.json.get("is_root"), me.content
    return account


def approved_user(
    api: Api,
    root: Account,
    email: str | None = None,
    *,
    timezone: str = "UTC",
    is_verified: bool = True,
) -> Account:
    """An active user in an organization of their own, let in by `root`, with a proved address."""
    account = register(api, email, timezone=timezone)
    if is_verified:
        prove_address(account)
    answer = root.api.post(f"/system/users/{account.user_id}/approve")
    assert answer.status == 200, answer.content
    return account


def prove_address(account: Account) -> None:
    """As a click on the link in the mail, which each address may do a few times only."""
    from shared.identity.adapters.cached_access import user_key
    from shared.infrastructure.cache import cache
    from shared.infrastructure.database import engine

    with engine().begin() as database:
        database.execute(
            text("UPDATE users SET email_verified_at = now() WHERE id = :id"),
            {"id": account.user_id},
        )
    cache().delete_many([user_key(account.user_id)])
