"""People who belong to one organization, let in through the front door."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from tests.accounts import Account, approved_user
from tests.api import Api, ApiAnswer
from tests.letters import letters, secret_in


def path(organization: Account, *more: object) -> str:
    """Of the organization that an account's person is in."""
    return "/".join(map(str, ["/organizations", organization.organization_id, *more]))


def refused(answer: ApiAnswer) -> tuple[int, list[str]]:
    return answer.status, answer.codes


def invite(by: Account, email: str, role: str = "editor", **choice: Any) -> ApiAnswer:
    return by.api.post(path(by, "invitations"), {"email": email, **(choice or {"role": role})})


def invited(by: Account, email: str, role: str = "editor", **choice: Any) -> str:
    """Invite somebody into the organization the inviter is in; answers the secret in the mail."""
    answer = invite(by, email, role, **choice)
    assert answer.status == 201, answer.content
    return secret_in(letters("invitation", to=email)[-1])


def invitations(account: Account, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = account.api.get(path(account, "invitations"), **query).json[
        "data"
    ]
    return found


def switched(account: Account, organization_id: UUID) -> Account:
    """The same person in the same session, in another organization."""
    answer = account.api.post(f"/organizations/{organization_id}/switch")
    assert answer.status == 200, answer.content
    return replace(
        account,
        organization_id=organization_id,
        token=answer.json["access_token"],
        refresh_token=answer.json["refresh_token"],
        api=account.api.as_user(answer.json["access_token"]),
    )


def colleague(
    api: Api, root: Account, owner: Account, role: str = "editor", **choice: Any
) -> Account:
    """Somebody new with that role in the owner's organization, signed in there."""
    account = approved_user(api, root)
    token = invited(owner, account.email, role, **choice)
    answer = account.api.post("/invitations/accept", {"token": token})
    assert answer.status == 200, answer.content
    return switched(account, owner.organization_id)


def custom_role(by: Account, slug: str, *permissions: str) -> str:
    """A new role of the organization; answers its id."""
    answer = by.api.post(
        path(by, "roles"), {"slug": slug, "name": slug.title(), "permissions": permissions}
    )
    assert answer.status == 201, answer.content
    role_id: str = answer.json["data"]["id"]
    return role_id


def permissions(account: Account) -> set[str]:
    """What the person may at this moment, where their session is."""
    answer = account.api.get("/auth/me")
    assert answer.status == 200, answer.content
    return set(answer.json["permissions"])
