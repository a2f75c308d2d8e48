"""The networks there are."""

from shared.channels.adapters.registry import slugs
from tests.accounts import Account, register
from tests.api import Api


def test_every_network_is_listed_by_name(owner: Account) -> None:
    answer = owner.api.get("/channels")
    assert answer.status == 200
    channels = answer.json["data"]
    assert {channel["id"] for channel in channels} == set(slugs())
    assert [channel["name"] for channel in channels] == sorted(
        channel["name"] for channel in channels
    )


def test_a_network_says_its_limits_and_what_connecting_takes(owner: Account) -> None:
    (mastodon,) = [
        channel
        for channel in owner.api.get("/channels").json["data"]
        if channel["id"] == "mastodon"
    ]
    assert mastodon["key"] == "mastodon"
    assert mastodon["name"] == "Mastodon"
    assert mastodon["status"] == "active"
    assert mastodon["threads"] is True
    assert (mastodon["auth"], mastodon["needs_server"]) == ("oauth2", True)
    assert mastodon["configured"] is True
    assert mastodon["limits"]["max_text_length"] == 500
    assert mastodon["limits"]["counts"].startswith("characters")
    assert mastodon["quotas"] == [{"limit": 300, "period_seconds": 3 * 3600}]
    settings = mastodon["settings_schema"]
    assert settings["additionalProperties"] is False
    assert settings["properties"]["visibility"]["enum"] == ["public", "unlisted", "private"]
    fields = {field["name"]: field for field in mastodon["connect_fields"]}
    assert fields["access_token"]["secret"]
    assert not fields["instance"]["secret"]
    assert fields["instance"].keys() == {"name", "label", "secret", "optional", "default"}


def test_one_network_is_shown_as_the_list_has_it(owner: Account) -> None:
    listed = {one["id"]: one for one in owner.api.get("/channels").json["data"]}
    bluesky = owner.api.get("/channels/bluesky").json["data"]
    assert bluesky == listed["bluesky"]
    assert (bluesky["auth"], bluesky["needs_server"]) == ("fields", False)
    assert bluesky["configured"] is True


def test_a_network_that_there_is_not(owner: Account) -> None:
    for unknown in ("myspace", "..", "__init__", "connectionsx"):
        answer = owner.api.get(f"/channels/{unknown}")
        assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])


def test_nobody_in_particular_sees_no_networks(api: Api) -> None:
    assert api.get("/channels").status == 401


def test_who_waits_for_approval_sees_no_networks(api: Api, owner: Account) -> None:
    answer = register(api).api.get("/channels")
    assert (answer.status, answer.codes) == (403, ["ACCOUNT_PENDING_APPROVAL"])
