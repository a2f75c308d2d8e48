"""Invitations are sent by mail: by whom, to which role, and how many."""

from functools import partial

import pytest

from shared.kernel.ids import new_id
from tests.accounts import Account
from tests.api import Api
from tests.colleagues import (
    colleague,
    custom_role,
    invitations,
    invite,
    invited,
    path,
    refused,
    switched,
)
from tests.functions.identity.conftest import Sql
from tests.letters import letters, secret_in
from tests.simultaneously import simultaneously


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
    assert invitations(ada) == []


def test_the_list_goes_by_pages_and_status(ada: Account, sql: Sql) -> None:
    ids = [invite(ada, f"p{number}@example.com").json["data"]["id"] for number in range(3)]
    ada.api.delete(path(ada, "invitations", ids[0]))
    sql("UPDATE invitations SET expires_at = now() WHERE id = :id", id=ids[1])
    assert [each["id"] for each in invitations(ada)] == ids[::-1]
    assert [each["id"] for each in invitations(ada, per_page=2, page=2)] == ids[:1]
    found = {
        status: [each["id"] for each in invitations(ada, status=status)]
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
