"""The request that would be sent, as far as no account has a say in it."""

import json
from datetime import UTC, datetime

import pytest

from shared.channels.adapters.registry import slugs
from shared.channels.api import catalogue
from shared.content.domain.channel import Part, Shown

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_mastodon_gets_the_settings_as_they_are() -> None:
    settings = {"visibility": "unlisted", "spoiler_text": "Cake", "language": "en"}
    root, follow_up = catalogue.channel("mastodon").previews(
        [Part(text="One"), Part(text="Two")], settings, at=NOW
    )
    assert (root.method, root.path) == ("POST", "/api/v1/statuses")
    assert root.body == {"status": "One", **settings}
    assert follow_up.body == {"status": "Two", **settings, "in_reply_to_id": "<part 1>"}


def test_each_part_replies_to_the_one_before_it() -> None:
    previews = catalogue.channel("mastodon").previews(
        [Part(text="1"), Part(text="2"), Part(text="3")], {}, at=NOW
    )
    parents = [each.body.get("in_reply_to_id") for each in previews]
    assert parents == [None, "<part 1>", "<part 2>"]


def test_bluesky_gets_a_record_with_its_links_marked() -> None:
    settings = {"languages": ["de", "en"], "labels": ["nudity"]}
    [preview] = catalogue.channel("bluesky").previews(
        [Part(text="See example.com")], settings, at=NOW
    )
    assert (preview.method, preview.path) == ("POST", "/xrpc/com.atproto.repo.createRecord")
    assert preview.body["collection"] == "app.bsky.feed.post"
    assert preview.body["record"] == {
        "$type": "app.bsky.feed.post",
        "text": "See example.com",
        "createdAt": "2027-03-01T09:00:00.000+00:00",
        "facets": [
            {
                "index": {"byteStart": 4, "byteEnd": 15},
                "features": [
                    {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com"}
                ],
            }
        ],
        "langs": ["de", "en"],
        "labels": {
            "$type": "com.atproto.label.defs#selfLabels",
            "values": [{"val": "nudity"}],
        },
    }


def test_what_is_not_set_is_not_sent() -> None:
    [preview] = catalogue.channel("bluesky").previews([Part(text="Tea")], {"languages": []}, at=NOW)
    assert preview.body["record"].keys() == {"$type", "text", "createdAt"}


def test_a_follow_up_of_instagram_and_facebook_is_a_comment_below_the_root() -> None:
    for slug in ("instagram", "facebook"):
        _, second, third = catalogue.channel(slug).previews(_parts("1", "2", "3"), {}, at=NOW)
        for text, each in (("2", second), ("3", third)):
            assert each.path.endswith("/<part 1>/comments")
            assert each.body == {"message": text}


def test_a_follow_up_of_threads_replies_to_the_part_before_it() -> None:
    previews = catalogue.channel("threads").previews(_parts("1", "2", "3"), {}, at=NOW)
    parents = [each.body.get("reply_to_id") for each in previews]
    assert parents == [None, "<part 1>", "<part 2>"]


def test_what_is_attached_is_named_by_its_number() -> None:
    picture = Shown(
        name="tea.jpg",
        kind="image",
        mime_type="image/jpeg",
        alt_text="A cup of tea",
        size=1000,
        width=640,
        height=480,
        pages=None,
        duration=None,
    )
    part = Part(text="Tea", shown=[picture, picture])
    [preview] = catalogue.channel("mastodon").previews([part], {}, at=NOW)
    assert preview.body["media_ids"] == ["<file 1>", "<file 2>"]
    [preview] = catalogue.channel("bluesky").previews([part], {}, at=NOW)
    shown = preview.body["record"]["embed"]["images"]
    assert [each["image"] for each in shown] == ["<file 1>", "<file 2>"]
    assert shown[0]["alt"] == "A cup of tea"
    assert shown[0]["aspectRatio"] == {"width": 640, "height": 480}


@pytest.mark.parametrize("slug", sorted(slugs()))
def test_whatever_waits_for_its_network_can_be_shown_before(slug: str) -> None:
    """Though no part has an id yet, and no account a say."""
    channel = catalogue.channel(slug)
    texts = ["One", "Two", "Three"] if channel.threads else ["One"]
    previews = channel.previews(_parts(*texts), {}, at=NOW)
    assert [each.method for each in previews] == ["POST"] * len(texts)
    assert all(each.path.startswith("/") for each in previews)
    assert all(json.dumps(dict(each.body)) for each in previews)


def _parts(*texts: str) -> list[Part]:
    return [Part(text=text) for text in texts]
