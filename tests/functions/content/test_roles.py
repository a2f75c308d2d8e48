"""What members of each role may do with what is their own; of others' things see tests/access."""

import pytest
from sqlalchemy import update

from shared.identity.adapters.tables import memberships
from shared.infrastructure.database import transaction
from tests.accounts import PASSWORD, Account
from tests.api import Api


def _as_member(api: Api, account: Account, role: str) -> Api:
    with transaction() as session:
        session.execute(
            update(memberships).where(memberships.c.user_id == account.user_id).values(role=role)
        )
    answer = api.post("/auth/login", {"email": account.email, "password": PASSWORD})
    return api.as_user(answer.json["access_token"])


@pytest.mark.parametrize(
    ("role", "may_write", "may_delete"),
    [("viewer", False, False), ("user", True, True), ("editor", True, True)],
)
def test_roles_limit_what_members_do(
    api: Api, ada: Account, role: str, *, may_write: bool, may_delete: bool
) -> None:
    post = ada.api.post("/posts", {"description": "At four"}).json["data"]["id"]
    body = {"channel_id": "mastodon", "content": "Tea"}
    variant = ada.api.post(f"/posts/{post}/variants", body).json["data"]["id"]
    member = _as_member(api, ada, role)

    assert member.get("/posts").json["pagination"]["total"] == 1
    assert member.get(f"/variants/{variant}").status == 200
    writes = [
        member.post("/posts", {"description": "x"}),
        member.patch(f"/posts/{post}", {"title": "x"}),
        member.post(f"/posts/{post}/variants", body),
        member.patch(f"/variants/{variant}", {"content": "x"}),
        member.post(f"/variants/{variant}/mark-ready"),
    ]
    deletes = [member.delete(f"/variants/{variant}"), member.delete(f"/posts/{post}")]
    for allowed, answers in ((may_write, writes), (may_delete, deletes)):
        if allowed:
            assert all(answer.status < 300 for answer in answers)
        else:
            assert [answer.codes for answer in answers] == [["FORBIDDEN"]] * len(answers)
