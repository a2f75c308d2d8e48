"""Invitations are good for a week, once, and for nobody but the address they went to."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tests.accounts import Account, approved_user
from tests.api import Api, ApiAnswer
from tests.colleagues import (
    colleague,
    custom_role,
    invitations,
    invite,
    invited,
    path,
    permissions,
    refused,
    switched,
)
from tests.functions.identity.conftest import Sql
from tests.letters import letters, secret_in
from tests.simultaneously import simultaneously


def accept(account: Account, token: str) -> ApiAnswer:
    return account.api.post("/invitations/accept", {"token": token})


def preview(api: Api, token: str) -> ApiAnswer:
    return api.post("/invitations/preview", {"token": token})


def test_accepting_makes_a_member_and_verifies_the_address(
    ada: Account, bob: Account, sql: Sql
) -> None:
    verified = "SELECT email_verified_at FROM users WHERE id = :id"
    sql("UPDATE users SET email_verified_at = NULL")
    token = invited(ada, bob.email, "editor")
    answer = accept(bob, token)
    assert answer.status == 200
    assert answer.json["data"] == {"id": str(ada.organization_id), "name": "Ada", "role": "editor"}
    assert sql(verified, id=bob.user_id) is not None
    assert bob.api.get("/auth/me").json["organization"]["id"] == str(bob.organization_id)
    there = switched(bob, ada.organization_id)
    assert there.api.get("/auth/me").json["roles"] == ["editor"]
    (shown,) = invitations(ada)
    assert (shown["status"], shown["accepted_at"] is not None) == ("accepted", True)


def test_an_invitation_is_good_once(ada: Account, bob: Account) -> None:
    token = invited(ada, bob.email)
    assert accept(bob, token).status == 200
    assert refused(accept(bob, token)) == (409, ["INVITATION_ALREADY_ACCEPTED"])


def test_of_simultaneous_accepts_one_counts(ada: Account, bob: Account, sql: Sql) -> None:
    token = invited(ada, bob.email)
    answers = simultaneously([partial(accept, bob, token)] * 5)
    assert sorted(answer.status for answer in answers) == [200] + [409] * 4
    assert {answer.codes[0] for answer in answers if answer.status == 409} == {
        "INVITATION_ALREADY_ACCEPTED"
    }
    assert sql("SELECT count(*) FROM memberships WHERE user_id = :id", id=bob.user_id) == 2
    joined = "SELECT count(*) FROM business_events WHERE name = 'MEMBER_JOINED'"
    assert sql(joined) == 1


def test_accepting_races_with_revoking(ada: Account, bob: Account) -> None:
    token = invited(ada, bob.email)
    (shown,) = invitations(ada)
    accepted, revoked = simultaneously(
        [
            partial(accept, bob, token),
            partial(ada.api.delete, path(ada, "invitations", shown["id"])),
        ]
    )
    assert sorted([accepted.status == 200, revoked.status == 204]) == [False, True]


def test_nobody_else_accepts_it(api: Api, root: Account, ada: Account, bob: Account) -> None:
    token = invited(ada, bob.email)
    eve = approved_user(api, root)
    assert refused(accept(eve, token)) == (403, ["INVITATION_FOR_ANOTHER_EMAIL"])
    assert refused(accept(ada, token)) == (403, ["INVITATION_FOR_ANOTHER_EMAIL"])
    assert accept(bob, token).status == 200


@pytest.mark.parametrize("token", ["x", "0" * 43, "'; --", "\u0000"])
def test_a_wrong_secret_leads_nowhere(api: Api, ada: Account, token: str) -> None:
    invite(ada, "bob@example.com")
    for answer in (accept(ada, token), preview(api, token)):
        assert refused(answer) == (404, ["INVITATION_NOT_FOUND"])


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": None}, {"token": "x" * 201}])
def test_a_token_is_needed(api: Api, ada: Account, body: dict[str, object]) -> None:
    for caller, action in ((ada.api, "accept"), (api, "preview")):
        answer = caller.post(f"/invitations/{action}", body)
        assert refused(answer) == (400, ["VALIDATION_ERROR"])


def test_accepting_needs_a_person_who_is_signed_in(api: Api) -> None:
    assert refused(api.post("/invitations/accept", {"token": "x"})) == (401, ["UNAUTHORIZED"])


def test_an_expired_invitation_is_refused_and_can_be_sent_again(
    api: Api, ada: Account, bob: Account, sql: Sql
) -> None:
    token = invited(ada, bob.email)
    sql("UPDATE invitations SET expires_at = now() - interval '1 second'")
    for answer in (accept(bob, token), preview(api, token)):
        assert refused(answer) == (409, ["INVITATION_EXPIRED"])
    (shown,) = invitations(ada, status="expired")
    again = ada.api.post(path(ada, "invitations", shown["id"], "resend"))
    assert (again.status, again.json["data"]["status"]) == (200, "open")
    assert refused(accept(bob, token)) == (404, ["INVITATION_NOT_FOUND"])
    assert accept(bob, secret_in(letters("invitation", to=bob.email)[-1])).status == 200


def test_an_invitation_is_good_for_seven_days(ada: Account, bob: Account, sql: Sql) -> None:
    token = invited(ada, bob.email)
    sql("UPDATE invitations SET expires_at = expires_at - :most", most=timedelta(days=6, hours=23))
    assert accept(bob, token).status == 200


def test_sending_again_makes_the_older_mail_worthless(ada: Account, bob: Account) -> None:
    token = invited(ada, bob.email)
    (shown,) = invitations(ada)
    assert ada.api.post(path(ada, "invitations", shown["id"], "resend")).status == 200
    assert refused(accept(bob, token)) == (404, ["INVITATION_NOT_FOUND"])


def test_a_revoked_invitation_opens_nothing(api: Api, ada: Account, bob: Account) -> None:
    token = invited(ada, bob.email)
    (shown,) = invitations(ada)
    one = path(ada, "invitations", shown["id"])
    assert ada.api.delete(one).status == 204
    for answer in (accept(bob, token), preview(api, token)):
        assert refused(answer) == (409, ["INVITATION_REVOKED"])
    assert refused(ada.api.delete(one)) == (409, ["INVITATION_REVOKED"])
    assert refused(ada.api.post(f"{one}/resend")) == (409, ["INVITATION_REVOKED"])
    assert invite(ada, bob.email).status == 201


def test_preview_shows_what_one_is_invited_to(api: Api, ada: Account) -> None:
    token = invited(ada, "new@example.com", "user")
    shown = preview(api, token).json["data"]
    assert shown.pop("expires_at").endswith("Z")
    assert shown == {
        "organization_name": "Ada",
        "inviter_name": "Ada",
        "email": "new@example.com",
        "role": "user",
    }


def test_inviting_to_a_role_of_the_organizations_own(ada: Account, bob: Account) -> None:
    role_id = custom_role(ada, "reader", "posts:read", "members:read")
    token = invited(ada, bob.email, custom_role_id=role_id)
    assert accept(bob, token).json["data"]["role"] == "reader"
    there = switched(bob, ada.organization_id)
    assert permissions(there) == {"posts:read", "members:read"}


def _demoted(root: Account, ada: Account, sender: Account) -> None:
    assert ada.api.patch(path(ada, "members", sender.user_id), {"role": "viewer"}).status == 200


def _lowered(root: Account, ada: Account, sender: Account) -> None:
    """They may still invite, but nobody who stands as high as an editor."""
    role = custom_role(ada, "greeter", "members:manage", "members:read", "posts:read")
    body = {"custom_role_id": role}
    assert ada.api.patch(path(ada, "members", sender.user_id), body).status == 200


def _disabled(root: Account, ada: Account, sender: Account) -> None:
    assert root.api.post(f"/system/users/{sender.user_id}/disable").status == 200


def _deleted(root: Account, ada: Account, sender: Account) -> None:
    assert root.api.delete(f"/system/users/{sender.user_id}").status == 204


@pytest.mark.parametrize("lose", [_demoted, _lowered, _disabled, _deleted])
def test_an_invitation_does_not_outlive_the_right_to_send_it(
    api: Api,
    root: Account,
    ada: Account,
    bob: Account,
    lose: Callable[[Account, Account, Account], None],
) -> None:
    sender = colleague(api, root, ada, "admin")
    token = invited(sender, bob.email, "editor")
    lose(root, ada, sender)
    assert refused(accept(bob, token)) == (409, ["INVITATION_NO_LONGER_VALID"])


def test_who_sends_it_again_answers_for_it(
    api: Api, root: Account, ada: Account, bob: Account
) -> None:
    sender = colleague(api, root, ada, "admin")
    invited(sender, bob.email, "editor")
    _demoted(root, ada, sender)
    (shown,) = invitations(ada, status="open")
    again = ada.api.post(path(ada, "invitations", shown["id"], "resend"))
    assert again.json["data"]["invited_by"] == str(ada.user_id)
    token = secret_in(letters("invitation", to=bob.email)[-1])
    assert accept(bob, token).status == 200


def test_a_role_raised_after_it_was_offered_is_not_given_by_who_could_not(
    api: Api, root: Account, ada: Account, bob: Account
) -> None:
    sender = colleague(api, root, ada, "admin")
    role = custom_role(ada, "helper", "posts:read")
    token = invited(sender, bob.email, custom_role_id=role)
    body = {"permissions": sorted(permissions(ada))}
    assert ada.api.patch(path(ada, "roles", role), body).status == 200
    assert refused(accept(bob, token)) == (409, ["INVITATION_NO_LONGER_VALID"])
