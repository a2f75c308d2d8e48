"""Invitations: sent by mail, good for a week, once, and for nobody but the address they went to."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from shared.kernel.ids import new_id
from tests.accounts import Account, approved_user
from tests.accounts import root as make_root
from tests.api import Api, ApiAnswer
from tests.colleagues import colleague, custom_role, invite, invited, path, permissions, switched
from tests.functions.identity.conftest import Sql
from tests.letters import letters, secret_in
from tests.simultaneously import simultaneously


@pytest.fixture
def root(api: Api) -> Account:
    return make_root(api)


@pytest.fixture
def ada(api: Api, root: Account) -> Account:
    return approved_user(api, root)


@pytest.fixture
def bob(api: Api, root: Account) -> Account:
    return approved_user(api, root, "bob@example.com")


def refused(answer: ApiAnswer) -> tuple[int, list[str]]:
    return answer.status, answer.codes


def accept(account: Account, token: str) -> ApiAnswer:
    return account.api.post("/invitations/accept", {"token": token})


def preview(api: Api, token: str) -> ApiAnswer:
    return api.post("/invitations/preview", {"token": token})


def listed(account: Account, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = account.api.get(path(account, "invitations"), **query).json[
        "data"
    ]
    return found


def test_an_invitation_is_answered_without_its_secret(ada: Account) -> None:
    answer = invite(ada, "Bob@Example.com")
    assert answer.status == 201
    shown = answer.json["data"]
    assert (shown["email"], shown["role"], shown["status"]) == ("bob@example.com", "editor", "open")
    assert (shown["invited_by"], shown["inviter_name"]) == (str(ada.user_id), "Ada")
    secret = secret_in(letters("invitation")[0])
    assert secret not in answer.content.decode()
    assert ada.api.get(path(ada, "invitations", shown["id"])).json["data"] == shown
    assert secret not in ada.api.get(path(ada, "invitations")).content.decode()


def test_the_mail_is_in_the_language_of_whoever_is_invited(
    ada: Account, bob: Account, sql: Sql
) -> None:
    sql("UPDATE users SET locale = 'de' WHERE id = :id", id=bob.user_id)
    invite(ada, bob.email, "viewer")
    invite(ada, "nobody@example.com", "viewer")
    assert letters("invitation", to=bob.email)[0]["locale"] == "de"
    assert letters("invitation", to="nobody@example.com")[0]["locale"] == "en"


def test_the_mail_says_who_invites_whereto_and_as_what(ada: Account) -> None:
    invite(ada, "bob@example.com", "viewer")
    (letter,) = letters("invitation")
    told = letter["parameters"]
    assert letter["to"] == "bob@example.com"
    assert told.pop("link").startswith("http://localhost:3000/invitations/accept#token=")
    assert told == {
        "organization_name": "Ada",
        "inviter_name": "Ada",
        "role": "viewer",
        "days": 7,
    }


def test_the_secret_is_kept_as_a_hash_only(ada: Account, sql: Sql) -> None:
    token = invited(ada, "bob@example.com")
    kept = sql("SELECT token_hash FROM invitations")
    assert len(kept) == 64
    assert token not in kept


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
    (shown,) = listed(ada)
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
    (shown,) = listed(ada)
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
    (shown,) = listed(ada, status="expired")
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
    (shown,) = listed(ada)
    assert ada.api.post(path(ada, "invitations", shown["id"], "resend")).status == 200
    assert refused(accept(bob, token)) == (404, ["INVITATION_NOT_FOUND"])


def test_nobodys_mailbox_is_flooded(ada: Account) -> None:
    answer = invite(ada, "bob@example.com")
    resend = path(ada, "invitations", answer.json["data"]["id"], "resend")
    assert [ada.api.post(resend).status for _ in range(6)] == [200] * 5 + [429]
    ada.api.delete(path(ada, "invitations", answer.json["data"]["id"]))
    statuses = []
    for _ in range(5):
        answer = invite(ada, "bob@example.com")
        statuses.append(answer.status)
        if answer.status == 201:
            ada.api.delete(path(ada, "invitations", answer.json["data"]["id"]))
    assert statuses == [201] * 4 + [429]
    assert "Retry-After".lower() in {name.lower() for name in answer.headers}


def test_a_revoked_invitation_opens_nothing(api: Api, ada: Account, bob: Account) -> None:
    token = invited(ada, bob.email)
    (shown,) = listed(ada)
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


def test_an_address_has_one_open_invitation(ada: Account, sql: Sql) -> None:
    first = invite(ada, "bob@example.com").json["data"]
    answer = invite(ada, "BOB@example.com")
    assert refused(answer) == (409, ["INVITATION_ALREADY_SENT"])
    assert answer.json["errors"][0]["meta"] == {"invitation_id": first["id"]}
    sql("UPDATE invitations SET expires_at = now()")
    assert invite(ada, "bob@example.com").status == 201


def test_of_simultaneous_invitations_one_is_sent(ada: Account) -> None:
    answers = simultaneously([partial(invite, ada, "bob@example.com")] * 4)
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert len(letters("invitation")) == 1


def test_members_are_not_invited(api: Api, root: Account, ada: Account) -> None:
    bob = colleague(api, root, ada)
    for email in (ada.email, bob.email.upper()):
        assert refused(invite(ada, email)) == (409, ["ALREADY_MEMBER"])


def test_the_answer_does_not_tell_whether_there_is_an_account(ada: Account, bob: Account) -> None:
    known, unknown = invite(ada, bob.email).json["data"], invite(ada, "no@example.com").json["data"]
    differing = {name for name, value in known.items() if unknown[name] != value}
    assert differing == {"id", "email", "created_at", "expires_at"}


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"email": "bob@example.com"}, ["ROLE_NEEDED"]),
        (
            {"email": "bob@example.com", "role": "user", "custom_role_id": str(new_id())},
            ["ROLE_NEEDED"],
        ),
        ({"email": "bob", "role": "boss"}, ["VALIDATION_ERROR", "VALIDATION_ERROR"]),
        ({"email": "bob@example.com", "custom_role_id": "x"}, ["VALIDATION_ERROR"]),
        ({"role": "user"}, ["VALIDATION_ERROR"]),
    ],
)
def test_wrong_invitations_are_refused(
    ada: Account, body: dict[str, str], codes: list[str]
) -> None:
    assert refused(ada.api.post(path(ada, "invitations"), body)) == (400, codes)


def test_an_unknown_role_is_not_found_and_anothers_is_denied(root: Account, ada: Account) -> None:
    theirs = custom_role(root, "theirs", "posts:read")
    denied = invite(ada, "bob@example.com", custom_role_id=theirs)
    assert refused(denied) == (403, ["ROLE_ACCESS_DENIED"])
    unknown = invite(ada, "bob@example.com", custom_role_id=str(new_id()))
    assert refused(unknown) == (404, ["ROLE_NOT_FOUND"])


def test_inviting_to_a_role_of_the_organizations_own(ada: Account, bob: Account) -> None:
    role_id = custom_role(ada, "reader", "posts:read", "members:read")
    token = invited(ada, bob.email, custom_role_id=role_id)
    assert accept(bob, token).json["data"]["role"] == "reader"
    there = switched(bob, ada.organization_id)
    assert permissions(there) == {"posts:read", "members:read"}


@pytest.mark.parametrize(
    ("inviter", "role", "status"),
    [
        ("owner", "owner", 201),
        ("admin", "editor", 201),
        ("admin", "admin", 403),
        ("admin", "owner", 403),
        ("editor", "viewer", 403),
    ],
)
def test_nobody_invites_to_a_role_that_is_not_below_their_own(
    api: Api, root: Account, ada: Account, inviter: str, role: str, status: int
) -> None:
    account = colleague(api, root, ada, inviter)
    assert invite(account, "new@example.com", role).status == status


def test_an_inviter_who_was_demoted_a_moment_ago_is_refused(
    api: Api, root: Account, ada: Account
) -> None:
    """Their demotion and their invitation at once: whichever comes first, nothing is in between."""
    bob = colleague(api, root, ada, "admin")
    demoted, sent = simultaneously(
        [
            partial(ada.api.patch, path(ada, "members", bob.user_id), {"role": "viewer"}),
            partial(invite, bob, "new@example.com", "editor"),
        ]
    )
    assert demoted.status == 200
    assert sent.status in {201, 403}
    assert len(letters("invitation", to="new@example.com")) == (sent.status == 201)
    assert refused(invite(bob, "other@example.com", "viewer")) == (403, ["FORBIDDEN"])


def test_another_organizations_invitations_are_out_of_reach(root: Account, ada: Account) -> None:
    theirs = invite(root, "bob@example.com").json["data"]["id"]
    one = path(ada, "invitations", theirs)
    for answer in (ada.api.get(one), ada.api.delete(one), ada.api.post(f"{one}/resend")):
        assert refused(answer) == (403, ["INVITATION_ACCESS_DENIED"])
    for unknown in (new_id(), "abc"):
        one = path(ada, "invitations", unknown)
        for answer in (ada.api.get(one), ada.api.delete(one), ada.api.post(f"{one}/resend")):
            assert refused(answer) == (404, ["INVITATION_NOT_FOUND"])
    assert listed(ada) == []


def test_the_list_goes_by_pages_and_status(ada: Account, sql: Sql) -> None:
    ids = [invite(ada, f"p{number}@example.com").json["data"]["id"] for number in range(3)]
    ada.api.delete(path(ada, "invitations", ids[0]))
    sql("UPDATE invitations SET expires_at = now() WHERE id = :id", id=ids[1])
    assert [each["id"] for each in listed(ada)] == ids[::-1]
    assert [each["id"] for each in listed(ada, per_page=2, page=2)] == ids[:1]
    found = {
        status: [each["id"] for each in listed(ada, status=status)]
        for status in ("open", "expired", "revoked", "accepted")
    }
    assert found == {"open": [ids[2]], "expired": [ids[1]], "revoked": [ids[0]], "accepted": []}
    assert refused(ada.api.get(path(ada, "invitations"), status="lost")) == (
        400,
        ["VALIDATION_ERROR"],
    )


def _many(sql: Sql, ada: Account, count: int, expires: str = "now() + interval '1 day'") -> None:
    sql(
        "INSERT INTO invitations (id, organization_id, email, role, token_hash, invited_by,"
        " created_at, expires_at) SELECT gen_random_uuid(), :organization, md5(random()::text),"
        f" 'viewer', md5(random()::text), :by, now(), {expires} FROM generate_series(1, :count)",
        organization=ada.organization_id,
        by=ada.user_id,
        count=count,
    )


def test_an_organization_has_only_so_many_open(ada: Account, sql: Sql) -> None:
    shown = invite(ada, "early@example.com").json["data"]
    _many(sql, ada, 98)
    assert invite(ada, "last@example.com").status == 201
    assert refused(invite(ada, "bob@example.com")) == (409, ["TOO_MANY_INVITATIONS"])
    again = path(ada, "invitations", shown["id"], "resend")
    assert ada.api.post(again).status == 200
    assert ada.api.delete(path(ada, "invitations", shown["id"])).status == 204
    assert invite(ada, "bob@example.com").status == 201


def test_expired_ones_take_no_room_until_they_are_sent_again(ada: Account, sql: Sql) -> None:
    shown = invite(ada, "early@example.com").json["data"]
    sql("UPDATE invitations SET expires_at = now() - interval '1 hour'")
    _many(sql, ada, 100, "now() - interval '1 second'")
    assert invite(ada, "bob@example.com").status == 201
    _many(sql, ada, 99)
    answer = ada.api.post(path(ada, "invitations", shown["id"], "resend"))
    assert refused(answer) == (409, ["TOO_MANY_INVITATIONS"])


def test_those_of_another_organization_take_no_room(ada: Account, bob: Account, sql: Sql) -> None:
    _many(sql, ada, 100)
    assert invite(bob, "carol@example.com").status == 201


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
    (shown,) = listed(ada, status="open")
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


def test_nobody_invites_half_the_world(api: Api, root: Account, ada: Account) -> None:
    for number in range(30):
        answer = invite(ada, f"p{number}@example.com")
        assert answer.status == 201
    assert refused(invite(ada, "p30@example.com")) == (429, ["TOO_MANY_ATTEMPTS"])
    again = ada.api.post(path(ada, "invitations", answer.json["data"]["id"], "resend"))
    assert refused(again) == (429, ["TOO_MANY_ATTEMPTS"])
    elsewhere = ada.api.post("/organizations", {"name": "Another"}).json["data"]["id"]
    assert refused(invite(switched(ada, elsewhere), "p30@example.com"))[0] == 429


def test_nor_does_an_organization_however_many_invite(
    api: Api, root: Account, ada: Account
) -> None:
    bob, carol = colleague(api, root, ada, "admin"), colleague(api, root, ada, "admin")
    statuses = [
        invite(person, f"{person.user_id}-{number}@example.com").status
        for person in (ada, bob, carol)
        for number in range(28)
    ]
    assert statuses == [201] * 58 + [429] * (3 * 28 - 58)
