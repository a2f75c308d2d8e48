"""What whoever manages an organization does with its members."""

from typing import Any

from tests.accounts import Account
from tests.api import ApiAnswer
from tests.colleagues import path


def assign(by: Account, member: Account, role: str | None = None, **choice: Any) -> ApiAnswer:
    body = choice if role is None else {"role": role}
    return by.api.patch(path(by, "members", member.user_id), body)


def remove(by: Account, member: Account) -> ApiAnswer:
    return by.api.delete(path(by, "members", member.user_id))


def grant(by: Account, member: Account, permission: str) -> ApiAnswer:
    return by.api.request("PUT", path(by, "members", member.user_id, "grants", permission))


def revoke(by: Account, member: Account, permission: str) -> ApiAnswer:
    return by.api.delete(path(by, "members", member.user_id, "grants", permission))
