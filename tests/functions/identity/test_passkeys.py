"""Making, seeing, renaming and removing passkeys."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import cbor2
import pytest

from tests.accounts import PASSWORD, Account, approved_user, root
from tests.api import Api
from tests.authenticator import Authenticator, PrivateKey, decoded, eddsa, encoded, es256, rs256
from tests.functions.identity.conftest import Sql
from tests.functions.identity.passkeys import (
    add,
    add_passkey,
    creation_options,
    log_in,
    request_options,
)
from tests.simultaneously import simultaneously


@pytest.fixture
def owner(api: Api) -> Account:
    return root(api)


@pytest.fixture
def ada(api: Api, owner: Account) -> Account:
    return approved_user(api, owner, "ada@example.com")


@pytest.fixture
def bob(api: Api, owner: Account) -> Account:
    return approved_user(api, owner, "bob@example.com")


def _passkeys(account: Account) -> Any:
    answer = account.api.get("/auth/passkeys")
    assert answer.status == 200, answer.content
    return answer.json["data"]


def test_options_ask_for_a_discoverable_passkey_with_its_user_verified(ada: Account) -> None:
    options = creation_options(ada)
    assert options["rp"] == {"id": "localhost", "name": "Luxaris"}
    assert options["user"]["name"] == ada.email
    assert decoded(options["user"]["id"]) == ada.user_id.bytes
    assert len(decoded(options["challenge"])) == 32
    assert [each["alg"] for each in options["pubKeyCredParams"]] == [-8, -7, -257]
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"


@pytest.mark.parametrize("key", [es256, eddsa, rs256], ids=["ES256", "EdDSA", "RS256"])
def test_a_passkey_is_kept(api: Api, ada: Account, sql: Sql, key: Callable[[], PrivateKey]) -> None:
    device, passkey = add_passkey(ada, Authenticator(key=key()))
    assert passkey == {
        "id": passkey["id"],
        "name": "Phone",
        "transports": ["hybrid", "internal"],
        "created_at": passkey["created_at"],
        "last_used_at": None,
    }
    assert _passkeys(ada) == [passkey]
    assert ada.api.get("/auth/second-factor").json["passkeys"] == 1
    assert sql(
        "SELECT details FROM business_events WHERE name = 'PASSKEY_ADDED' AND subject_id = :id",
        id=passkey["id"],
    ) == {"name": "Phone"}
    assert log_in(api, device.sign(request_options(api))).status == 200


def test_known_passkeys_are_not_to_be_made_again(ada: Account) -> None:
    device, _ = add_passkey(ada)
    [excluded] = creation_options(ada)["excludeCredentials"]
    assert decoded(excluded["id"]) == device.credential_id


def test_an_old_session_needs_the_password_too(ada: Account, sql: Sql) -> None:
    sql("UPDATE user_sessions SET created_at = created_at - interval '11 minutes'")
    path = "/auth/passkeys/registration/options"
    answer = ada.api.post(path)
    assert (answer.status, answer.codes) == (403, ["FRESH_PROOF_NEEDED"])
    answer = ada.api.post(path, {"password": "Wrong-Horse-1"})
    assert (answer.status, answer.codes) == (401, ["INVALID_CURRENT_PASSWORD"])
    assert ada.api.post(path, {"password": PASSWORD}).status == 200


DEVIATIONS = {
    "origin": {"origin": "https://evil.example"},
    "origin of another port": {"origin": "http://localhost:3001"},
    "rp id": {"rp_id": "evil.example"},
    "user not verified": {"verifies": False},
    "user not present": {"is_present": False},
    "type": {"client_data": {"type": "webauthn.get"}},
    "challenge": {"client_data": {"challenge": encoded(bytes(32))}},
    "no challenge": {"client_data": {"challenge": ""}},
    "challenge of another type": {"client_data": {"challenge": 7}},
    "in another site's frame": {"client_data": {"crossOrigin": True}},
    "origin of another type": {"client_data": {"origin": ["http://localhost:3000"]}},
}


@pytest.mark.parametrize("deviation", DEVIATIONS.values(), ids=DEVIATIONS)
def test_what_is_not_as_asked_for_is_refused(ada: Account, deviation: dict[str, Any]) -> None:
    made = Authenticator(**deviation).make(creation_options(ada))
    answer = add(ada, made)
    assert (answer.status, answer.codes) == (400, ["INVALID_PASSKEY"])
    assert _passkeys(ada) == []


def test_a_challenge_is_good_for_one_passkey(ada: Account) -> None:
    options = creation_options(ada)
    made = Authenticator().make(options)
    assert add(ada, made).status == 201
    for again in (made, Authenticator().make(options)):
        assert add(ada, again).codes == ["INVALID_PASSKEY"]
    assert len(_passkeys(ada)) == 1


def test_a_wrong_answer_spends_the_challenge(ada: Account) -> None:
    options = creation_options(ada)
    assert add(ada, Authenticator(verifies=False).make(options)).status == 400
    assert add(ada, Authenticator().make(options)).codes == ["INVALID_PASSKEY"]


def test_of_simultaneous_answers_to_one_challenge_one_wins(ada: Account) -> None:
    options = creation_options(ada)
    made = [Authenticator().make(options) for _ in range(4)]
    answers = simultaneously([partial(add, ada, each) for each in made])
    assert sorted(answer.status for answer in answers) == [201, 400, 400, 400]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE one_time_tokens SET expires_at = now()",
        "UPDATE one_time_tokens SET purpose = 'passkey_login'",
    ],
)
def test_a_challenge_that_is_over(ada: Account, sql: Sql, statement: str) -> None:
    made = Authenticator().make(creation_options(ada))
    sql(statement)
    assert add(ada, made).codes == ["INVALID_PASSKEY"]


def test_the_session_that_asked_is_the_one_that_adds(api: Api, ada: Account, bob: Account) -> None:
    made = Authenticator().make(creation_options(ada))
    assert add(bob, made).codes == ["INVALID_PASSKEY"]
    made = Authenticator().make(creation_options(ada))
    token = api.post("/auth/login", {"email": ada.email, "password": PASSWORD}).json["access_token"]
    other_session = replace(ada, api=api.as_user(token))
    assert add(other_session, made).codes == ["INVALID_PASSKEY"]


def test_a_credential_belongs_to_one_person(ada: Account, bob: Account) -> None:
    device, _ = add_passkey(ada)
    copied = Authenticator(credential_id=device.credential_id)
    for account in (ada, bob):
        answer = add(account, copied.make(creation_options(account)))
        assert (answer.status, answer.codes) == (409, ["PASSKEY_ALREADY_REGISTERED"])


def test_nobody_has_more_than_twenty(ada: Account, sql: Sql) -> None:
    options = creation_options(ada)
    sql(
        "INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name,"
        " transports, created_at) SELECT gen_random_uuid(), :id, n::text::bytea, '', 0, 'n', '{}',"
        " now() FROM generate_series(1, 20) n",
        id=ada.user_id,
    )
    for answer in (
        add(ada, Authenticator().make(options)),
        ada.api.post("/auth/passkeys/registration/options"),
    ):
        assert (answer.status, answer.codes) == (409, ["TOO_MANY_PASSKEYS"])


NO_KEYS = {
    "a point off the curve": {1: 2, 3: -7, -1: 1, -2: bytes(31) + b"\x05", -3: bytes(32)},
    "a point without coordinates": {1: 2, 3: -7, -1: 1},
    "an unknown curve": {1: 2, 3: -7, -1: 99, -2: bytes(32), -3: bytes(32)},
    "an empty modulus": {1: 3, 3: -257, -1: b"", -2: b""},
    "too few bytes": {1: 1, 3: -8, -1: 6, -2: b"short"},
    "an algorithm nobody asked for": {1: 2, 3: -65535},
    "an empty map": {},
    "a list": [],
    "a text": "text",
    "null": None,
    "a number": 7,
}


@pytest.mark.parametrize("cose", NO_KEYS.values(), ids=NO_KEYS)
def test_a_key_that_is_none_is_refused(
    ada: Account, monkeypatch: pytest.MonkeyPatch, cose: Any
) -> None:
    device = Authenticator()
    monkeypatch.setattr(device, "_cose_key", lambda: cbor2.dumps(cose))
    answer = add(ada, device.make(creation_options(ada)))
    assert (answer.status, answer.codes) == (400, ["INVALID_PASSKEY"])


def test_the_id_is_the_one_that_was_signed(ada: Account) -> None:
    made = Authenticator().make(creation_options(ada))
    made["id"] = made["rawId"] = encoded(b"another")
    assert add(ada, made).codes == ["INVALID_PASSKEY"]


def test_what_was_made_twice_with_one_key_was_made_once(ada: Account) -> None:
    body = {"name": "Phone", "credential": Authenticator().make(creation_options(ada))}
    first, second = (
        ada.api.post("/auth/passkeys/registration", body, headers={"idempotency-key": "once"})
        for _ in range(2)
    )
    assert first.status == second.status == 201
    assert first.json == second.json


def test_a_passkey_is_renamed(ada: Account, sql: Sql) -> None:
    _, passkey = add_passkey(ada)
    path = f"/auth/passkeys/{passkey['id']}"
    answer = ada.api.patch(path, {"name": " <b>Old</b>  phone "})
    assert answer.status == 200
    assert answer.json["data"] == {**passkey, "name": "Old phone"}
    assert ada.api.patch(path, {"name": "Old phone"}).status == 200
    assert _passkeys(ada)[0]["name"] == "Old phone"
    assert sql("SELECT count(*) FROM business_events WHERE name = 'PASSKEY_RENAMED'") == 1


@pytest.mark.parametrize("name", ["", "  ", "<b></b>", "x" * 256, "x" * 2_000, 7, None])
def test_a_name_has_something_in_it(ada: Account, name: Any) -> None:
    _, passkey = add_passkey(ada)
    answer = ada.api.patch(f"/auth/passkeys/{passkey['id']}", {"name": name})
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


def test_a_removed_passkey_opens_nothing(api: Api, ada: Account, sql: Sql) -> None:
    device, passkey = add_passkey(ada)
    path = f"/auth/passkeys/{passkey['id']}"
    assert ada.api.delete(path).status == 204
    assert _passkeys(ada) == []
    assert log_in(api, device.sign(request_options(api))).codes == ["INVALID_PASSKEY"]
    assert ada.api.delete(path).codes == ["PASSKEY_NOT_FOUND"]
    assert sql("SELECT count(*) FROM business_events WHERE name = 'PASSKEY_REMOVED'") == 1


def test_the_last_way_in_stays(ada: Account, sql: Sql) -> None:
    paths = [f"/auth/passkeys/{add_passkey(ada)[1]['id']}" for _ in range(2)]
    sql("UPDATE users SET password_hash = NULL WHERE id = :id", id=ada.user_id)
    assert ada.api.delete(paths[0]).status == 204
    answer = ada.api.delete(paths[1])
    assert (answer.status, answer.codes) == (409, ["LAST_WAY_IN"])
    assert len(_passkeys(ada)) == 1


def test_another_persons_passkey_is_out_of_reach(ada: Account, bob: Account) -> None:
    _, passkey = add_passkey(ada)
    path = f"/auth/passkeys/{passkey['id']}"
    for answer in (bob.api.delete(path), bob.api.patch(path, {"name": "Mine"})):
        assert (answer.status, answer.codes) == (403, ["PASSKEY_ACCESS_DENIED"])
    assert _passkeys(bob) == []
    assert _passkeys(ada) == [passkey]


@pytest.mark.parametrize("passkey_id", ["01928a3b-0000-7000-8000-000000000000", "x", "7"])
def test_unknown_and_malformed_ids(ada: Account, passkey_id: str) -> None:
    path = f"/auth/passkeys/{passkey_id}"
    for answer in (ada.api.delete(path), ada.api.patch(path, {"name": "Mine"})):
        assert (answer.status, answer.codes) == (404, ["PASSKEY_NOT_FOUND"])


def test_the_challenge_is_kept_as_a_hash(ada: Account, sql: Sql) -> None:
    challenge = creation_options(ada)["challenge"]
    kept = sql("SELECT array_agg(t::text)::text FROM one_time_tokens t")
    assert "passkey_register" in kept
    assert challenge not in kept
