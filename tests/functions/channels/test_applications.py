"""Applications at networks: an organization's own and everybody's, kept and never told again."""

import logging
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.functions.channels.consent import (
    CLIENT_ID,
    CLIENT_SECRET,
    Browser,
    asked_of,
    configure,
)

PATH = "/channels/guild/oauth-credentials"


def kept(api: Api, **query: str) -> Any:
    answer = api.get(PATH, **query)
    assert answer.status == 200, answer.content
    return answer.json["data"]


def remove(api: Api, **query: str) -> ApiAnswer:
    return api.delete(PATH, **query)


def test_at_first_there_is_none(owner: Account, guild: Any) -> None:
    assert kept(owner.api) == {
        "configured": False,
        "scope": "organization",
        "channel_key": "guild",
        "id": None,
        "channel_id": None,
        "client_id_masked": None,
        "server": None,
        "is_active": False,
        "created_at": None,
        "updated_at": None,
    }
    assert owner.api.get("/channels/guild").json["data"]["configured"] is False


def test_what_is_kept_shows_enough_to_know_it_by(owner: Account, guild: Any) -> None:
    answer = configure(owner.api)
    assert answer.status == 200
    assert answer.json["channel_key"] == "guild"
    shown = kept(owner.api)
    assert shown == answer.json["data"]
    assert shown["client_id_masked"] == "client-i...aris"
    assert shown["is_active"] is True
    assert owner.api.get("/channels/guild").json["data"]["configured"] is True


def test_a_bots_token_is_kept_with_it_and_never_lent(owner: Account, guild: Any) -> None:
    """A provider is handed it when accounts are connected, and whoever typed one keeps theirs."""
    token = "planted-bot-token"
    answer = configure(owner.api, bot_token=token)
    assert answer.status == 200
    assert token.encode() not in answer.content + owner.api.get(PATH).content
    for wrong in ("", "two words", "x" * 1001):
        assert configure(owner.api, bot_token=wrong).status == 400
    browser = Browser(owner.api)
    connection = browser.connect()
    assert guild.exchanges[-1][0].bot_token == token
    owner.api.post(f"/channels/connections/{connection}/test")
    assert guild.shown[-1]["client_secret"] == CLIENT_SECRET
    assert "bot_token" not in guild.shown[-1]


def test_its_secrets_are_nowhere(
    owner: Account, guild: Any, caplog: pytest.LogCaptureFixture
) -> None:
    owner.api.get(PATH)
    caplog.set_level(logging.DEBUG)
    answers = [
        configure(owner.api),
        owner.api.get(PATH, include_secrets="true"),
        configure(owner.api, client_id=["x"]),
        configure(owner.api, client_secret=f"{CLIENT_SECRET} "),
        configure(owner.api, client_secret=f"{CLIENT_SECRET}\n"),
        configure(owner.api, client_secret=CLIENT_SECRET * 100),
        remove(owner.api),
    ]
    with engine().connect() as database:
        events = str(database.execute(text("SELECT * FROM business_events")).all())
    assert sorted(answer.status for answer in answers) == [200, 200, 200, 400, 400, 400, 400]
    for secret in (CLIENT_SECRET, CLIENT_ID):
        assert not [answer for answer in answers if secret.encode() in answer.content]
        assert not [record for record in caplog.records if secret in str(vars(record))]
        assert secret not in events


@pytest.mark.parametrize("scope", ["organization", "platform"])
def test_they_are_sealed_in_the_database(owner: Account, guild: Any, scope: str) -> None:
    assert configure(owner.api, scope=scope).status == 200
    table = "channel_applications" if scope == "organization" else "platform_applications"
    with engine().connect() as database:
        row = database.execute(text(f"SELECT * FROM {table}")).one()
    whole = b"".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
    assert CLIENT_SECRET.encode() not in whole
    assert CLIENT_ID.encode() not in whole


def test_others_take_its_place(owner: Account, guild: Any) -> None:
    first = configure(owner.api).json["data"]
    second = configure(owner.api, client_id="another-application").json["data"]
    assert second["id"] == first["id"]
    assert second["created_at"] == first["created_at"]
    assert second["client_id_masked"] == "another-...tion"
    departure = Browser(owner.api).set_out()
    assert asked_of(departure["auth_url"])["client_id"] == "another-application"


def test_removing_it_twice_is_removing_it_once(owner: Account, guild: Any) -> None:
    configure(owner.api)
    for _ in range(2):
        answer = remove(owner.api)
        assert (answer.status, answer.json["channel_key"]) == (200, "guild")
    assert kept(owner.api)["configured"] is False


def test_it_is_the_organizations_own(owner: Account, stranger: Account, guild: Any) -> None:
    configure(owner.api)
    assert kept(stranger.api)["configured"] is False
    assert stranger.api.get("/channels/guild").json["data"]["configured"] is False
    assert stranger.api.post("/channels/connect", {"channel_id": "guild"}).status == 503
    remove(stranger.api)
    assert kept(owner.api)["configured"] is True


def test_roots_is_everybodys_who_have_none(owner: Account, stranger: Account, guild: Any) -> None:
    assert configure(owner.api, scope="platform", client_id="everybodys-application").status == 200
    assert kept(owner.api, scope="platform")["client_id_masked"] == "everybod...tion"
    assert kept(stranger.api)["configured"] is False
    assert stranger.api.get("/channels/guild").json["data"]["configured"] is True
    browser = Browser(stranger.api)
    assert asked_of(browser.set_out()["auth_url"])["client_id"] == "everybodys-application"
    configure(stranger.api)
    assert asked_of(browser.set_out()["auth_url"])["client_id"] == CLIENT_ID
    remove(stranger.api)
    assert remove(owner.api, scope="platform").status == 200
    assert stranger.api.get("/channels/guild").json["data"]["configured"] is False


def test_everybodys_is_roots_alone(stranger: Account, guild: Any) -> None:
    for answer in (
        configure(stranger.api, scope="platform"),
        stranger.api.get(PATH, scope="platform"),
        remove(stranger.api, scope="platform"),
    ):
        assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])


def test_who_may_only_look_sees_none_of_it(viewer: Account, guild: Any) -> None:
    for answer in (configure(viewer.api), viewer.api.get(PATH), remove(viewer.api)):
        assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])


def test_a_key_for_another_channel_sees_none_of_it(api: Api, owner: Account, guild: Any) -> None:
    body = {"name": "Key", "scopes": ["channels:configure"], "channels": ["mastodon"]}
    key = api.as_user(owner.api.post("/api-keys", body).json["data"]["key"])
    for answer in (configure(key), key.get(PATH), remove(key)):
        assert answer.codes == ["CHANNEL_ACCESS_DENIED"]


@pytest.mark.parametrize("channel", ["bluesky", "mastodon"])
def test_where_nobody_keeps_an_application(owner: Account, channel: str) -> None:
    for answer in (
        configure(owner.api, channel),
        owner.api.get(f"/channels/{channel}/oauth-credentials"),
    ):
        assert (answer.status, answer.codes) == (400, ["CHANNEL_NOT_SUPPORTED"])


def test_a_network_that_there_is_not(owner: Account) -> None:
    answer = configure(owner.api, "myspace")
    assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": ""},
        {"client_id": "a b"},
        {"client_id": "a\0"},
        {"client_id": "ü"},
        {"client_id": "x" * 501},
        {"client_id": None},
        {"client_secret": ""},
        {"client_secret": "a b"},
        {"client_secret": "x" * 1001},
        {"client_secret": 7},
        {"server": "file:///etc/passwd"},
        {"server": "not a server"},
    ],
)
def test_what_can_be_no_credentials(owner: Account, guild: Any, wrong: dict[str, Any]) -> None:
    answer = configure(owner.api, **wrong)
    assert (answer.status, set(answer.codes)) == (400, {"VALIDATION_ERROR"})
    assert kept(owner.api)["configured"] is False


def test_an_imitation_has_an_address_of_its_own(
    owner: Account, guild: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert configure(owner.api, server="http://127.0.0.1:9/guild/").status == 200
    assert kept(owner.api)["server"] == "http://127.0.0.1:9/guild"
    departure = Browser(owner.api).set_out()
    assert departure["auth_url"].startswith("http://127.0.0.1:9/guild/authorize?")
    monkeypatch.setenv("ENVIRONMENT", "production")
    assert configure(owner.api, server="http://127.0.0.1:9").codes == ["VALIDATION_ERROR"]


def test_what_happens_to_it_is_told(owner: Account, guild: Any) -> None:
    shown = configure(owner.api).json["data"]
    configure(owner.api, scope="platform")
    remove(owner.api)
    remove(owner.api)
    with engine().connect() as database:
        told = database.execute(
            text(
                "SELECT name, subject_id, details FROM business_events"
                " WHERE name LIKE 'CHANNEL_%' ORDER BY occurred_at"
            )
        ).all()
    assert [(each.name, each.details["scope"]) for each in told] == [
        ("CHANNEL_APPLICATION_SET", "organization"),
        ("CHANNEL_APPLICATION_SET", "platform"),
        ("CHANNEL_APPLICATION_REMOVED", "organization"),
    ]
    assert {str(told[0].subject_id), str(told[2].subject_id)} == {shown["id"]}
