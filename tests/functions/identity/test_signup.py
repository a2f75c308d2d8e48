"""POST /auth/signup, and what a registration sets going."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts import PASSWORD, register, root
from tests.api import Api, ApiAnswer
from tests.functions.identity.conftest import Sql
from tests.letters import letters, secret_in

GRACE = {"email": "grace.hopper@example.com", "password": PASSWORD}


def _audits() -> list[dict[str, Any]]:
    """What waits in the outbox to be audited."""
    from shared.infrastructure.database import transaction
    from shared.infrastructure.encryption import encryption
    from shared.operations.adapters.tables import outbox_messages as messages

    with transaction() as session:
        rows = session.execute(
            select(messages).where(messages.c.queue == "operations.signups")
        ).all()
    return [
        json.loads(encryption().decrypt(row.sealed_body, key_id=row.key_id, row_id=row.id))
        for row in rows
    ]


def test_address_and_password_suffice(api: Api) -> None:
    root(api)
    answer = api.post("/auth/signup", GRACE)
    assert answer.status == 201
    assert (answer.json["is_pending"], answer.json["session_version"]) == (True, 1)
    user = answer.json["user"]
    assert (user["name"], user["timezone"], user["locale"]) == ("grace.hopper", "UTC", "en")
    assert user["organization"]["name"] == "grace.hopper"
    assert api.post("/auth/login", GRACE).codes == ["ACCOUNT_PENDING_APPROVAL"]


def test_a_name_may_be_given_there_too(api: Api) -> None:
    user = api.post("/auth/signup", {**GRACE, "name": "Grace", "locale": "de"}).json["user"]
    assert (user["name"], user["locale"]) == ("Grace", "de")


@pytest.mark.parametrize("field", ["email", "password"])
def test_both_are_needed(api: Api, field: str) -> None:
    answer = api.post("/auth/signup", {**GRACE, field: None})
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == field


def test_who_registers_is_welcomed_in_their_language(api: Api) -> None:
    api.post("/auth/signup", {**GRACE, "name": "Grace", "locale": "de-AT"})
    (letter,) = letters("welcome")
    assert (letter["to"], letter["locale"]) == (GRACE["email"], "de-AT")
    assert letter["parameters"]["name"] == "Grace"
    verified = api.post("/auth/verify-email", {"token": secret_in(letter)})
    assert verified.status == 200


def test_each_sign_up_is_to_be_audited(api: Api) -> None:
    answer = api.request(
        "POST",
        "/auth/signup",
        json=GRACE,
        source_ip="192.0.2.9",
        headers={"user-agent": "a browser"},
    )
    (audit,) = _audits()
    assert audit["user_id"] == answer.json["user"]["id"]
    assert (audit["email"], audit["status"]) == (GRACE["email"], "active")
    assert (audit["address"], audit["user_agent"]) == ("192.0.2.9", "a browser")


def test_what_was_refused_sets_nothing_going(api: Api, sql: Sql) -> None:
    register(api, GRACE["email"])
    assert api.post("/auth/signup", GRACE).status == 409
    assert len(letters("welcome")) == len(_audits()) == 1
    assert sql("SELECT count(*) FROM business_events WHERE name = 'USER_REGISTERED'") == 1


def test_the_holder_learns_that_somebody_tried_once_an_hour(api: Api) -> None:
    register(api, GRACE["email"], name="Grace")
    for _ in range(3):
        assert api.post("/auth/signup", GRACE).codes == ["EMAIL_ALREADY_REGISTERED"]
    (letter,) = letters("account_exists")
    assert (letter["to"], letter["parameters"]) == (GRACE["email"], {"name": "Grace"})


def test_nobody_asks_around_for_long(api: Api) -> None:
    """Whoever hit five addresses that are taken learns nothing about a sixth, taken or not."""
    taken = [register(api).email for _ in range(6)]

    def sign_up(email: str, address: str = "192.0.2.1") -> ApiAnswer:
        return api.request(
            "POST", "/auth/signup", json={**GRACE, "email": email}, source_ip=address
        )

    for email in taken[:5]:
        assert sign_up(email).status == 409
    for email in (taken[5], GRACE["email"]):
        answer = sign_up(email)
        assert (answer.status, answer.codes) == (429, ["TOO_MANY_ATTEMPTS"])
    assert sign_up(GRACE["email"], "192.0.2.2").status == 201
