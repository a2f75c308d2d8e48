"""A network with several accounts to offer: which of them are wanted is said in a second step."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import ApiAnswer
from tests.functions.channels.consent import Browser, configure
from tests.functions.channels.test_by_consent import change, journeys
from tests.refresher import credentials_of, tick
from tests.simultaneously import simultaneously

OFFERED = ["ada", "engines-inc", "looms-inc"]


@pytest.fixture
def several(browser: Browser, guild: Any) -> Browser:
    guild.offers = [*OFFERED, "ada"]
    return browser


def offered(browser: Browser) -> Any:
    answer = browser.complete(code="good", state=browser.set_out()["state"])
    assert answer.status == 201, answer.content
    return answer.json


def choose(browser: Browser, token: str, *names: str) -> ApiAnswer:
    ids = [f"urn:{name}" for name in names]
    body = {"choice_id": token, "account_ids": ids}
    return browser.request("POST", "/channels/connect/choose", json=body)


def test_the_accounts_are_offered_each_once_and_none_is_connected(several: Browser) -> None:
    choice = offered(several)
    assert choice["expires_in"] == 600
    assert [(each["id"], each["kind"]) for each in choice["choices"]] == [
        ("urn:ada", "person"),
        ("urn:engines-inc", "organization"),
        ("urn:looms-inc", "organization"),
    ]
    assert choice["choices"][0] == {
        "id": "urn:ada",
        "name": "Ada",
        "username": "@ada",
        "avatar_url": None,
        "kind": "person",
    }
    assert several.connections() == []


def test_a_redirect_leads_to_the_choice(several: Browser) -> None:
    told = several.come_back({"code": "good", "state": several.set_out()["state"]})
    assert told.keys() == {"choice"}
    shown = several.request("GET", f"/channels/connect/choices/{told['choice']}").json
    assert [each["id"] for each in shown["choices"]] == [f"urn:{name}" for name in OFFERED]
    assert 590 <= shown["expires_in"] <= 600
    assert choose(several, shown["choice_id"], "looms-inc").status == 201


def test_those_that_are_wanted_are_connected(several: Browser) -> None:
    answer = choose(several, offered(several)["choice_id"], "looms-inc", "ada")
    assert answer.status == 201
    names = [one["account_username"] for one in answer.json["connections"]]
    assert names == ["@ada", "@looms-inc"]
    kept = {one["account_username"]: one["id"] for one in several.connections()}
    assert kept.keys() == {"@ada", "@looms-inc"}
    assert credentials_of(kept["@looms-inc"])["access_token"] == "token-of-looms-inc"
    assert "client_secret" not in credentials_of(kept["@ada"])


def test_a_choice_is_made_once(several: Browser) -> None:
    token = offered(several)["choice_id"]
    assert choose(several, token, "ada").status == 201
    again = choose(several, token, "looms-inc")
    assert (again.status, again.codes) == (404, ["CHOICE_NOT_FOUND"])
    assert journeys() == 0


def test_all_of_them_or_none(several: Browser) -> None:
    assert choose(several, offered(several)["choice_id"], "looms-inc").status == 201
    token = offered(several)["choice_id"]
    answer = choose(several, token, "ada", "looms-inc")
    assert (answer.status, answer.codes) == (409, ["CONNECTION_ALREADY_EXISTS"])
    assert len(several.connections()) == 1
    assert choose(several, token, "ada").status == 201


def test_what_was_not_offered_cannot_be_chosen(several: Browser) -> None:
    token = offered(several)["choice_id"]
    answer = choose(several, token, "ada", "somebody-else")
    assert (answer.status, answer.codes) == (400, ["ACCOUNT_NOT_OFFERED"])
    assert several.connections() == []


@pytest.mark.parametrize("ids", [[], None, "urn:ada", [7], ["x"] * 101])
def test_a_choice_of_another_shape(several: Browser, ids: Any) -> None:
    body = {"choice_id": offered(several)["choice_id"], "account_ids": ids}
    answer = several.request("POST", "/channels/connect/choose", json=body)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})


def test_a_choice_is_open_for_ten_minutes(several: Browser) -> None:
    token = offered(several)["choice_id"]
    change("UPDATE channel_journeys SET expires_at = now() - interval '1 second'")
    assert choose(several, token, "ada").codes == ["CHOICE_NOT_FOUND"]
    shown = several.request("GET", f"/channels/connect/choices/{token}")
    assert (shown.status, shown.codes) == (404, ["CHOICE_NOT_FOUND"])
    assert journeys() == 1
    tick()
    assert journeys() == 0


def test_a_choice_of_another_organization(several: Browser, stranger: Account) -> None:
    configure(stranger.api)
    token = offered(several)["choice_id"]
    thief = Browser(stranger.api)
    answer = choose(thief, token, "ada")
    assert (answer.status, answer.codes) == (403, ["CHOICE_ACCESS_DENIED"])
    assert thief.request("GET", f"/channels/connect/choices/{token}").codes == [
        "CHOICE_ACCESS_DENIED"
    ]
    assert choose(thief, str(uuid4()), "ada").codes == ["CHOICE_NOT_FOUND"]
    assert choose(several, token, "ada").status == 201


def test_what_waits_for_a_choice_is_sealed(several: Browser) -> None:
    offered(several)
    with engine().connect() as database:
        kept: bytes = database.scalar(text("SELECT sealed_text FROM channel_journeys")) or b""
    assert b"token-of-ada" not in kept
    assert b"looms-inc" not in kept


def test_a_consent_is_revoked_with_the_last_of_its_accounts(several: Browser, guild: Any) -> None:
    answer = choose(several, offered(several)["choice_id"], "ada", "looms-inc")
    first, last = (one["id"] for one in answer.json["connections"])
    assert several.api.delete(f"/channels/connections/{first}").status == 200
    assert guild.revoked == []
    assert several.api.delete(f"/channels/connections/{last}").status == 200
    assert [each["account"] for each in guild.revoked] == ["looms-inc"]


def test_of_two_that_go_at_once_the_last_one_revokes(several: Browser, guild: Any) -> None:
    """As the one goes, the other has not been seen to go yet: it must wait."""
    answer = choose(several, offered(several)["choice_id"], "ada", "looms-inc")
    first, second = (one["id"] for one in answer.json["connections"])
    going = "UPDATE channel_connections SET status = 'disconnected', disconnected_at = now(),"
    going += " credentials = NULL, credentials_key_id = NULL WHERE id = :id"
    path = f"/channels/connections/{second}"
    with ThreadPoolExecutor(1) as pool, engine().connect() as database:
        with database.begin():
            database.execute(text(going), {"id": first})
            leaving = pool.submit(simultaneously, [lambda: several.api.delete(path)])
            while not (leaving.done() or _somebody_waits()):
                pass
        (answer,) = leaving.result()
    assert answer.status == 200
    assert len(guild.revoked) == 1


def _somebody_waits() -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with engine().connect() as database:
        return bool(database.scalar(text(query)))
