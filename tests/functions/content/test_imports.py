"""Bulk imports through the front door: what is created, and what is told of the rest."""

import json
from typing import Any

import pytest

from functions.content.schemas.handed_over import IN_WHICH_FORMATS
from tests.accounts import Account
from tests.functions.content.importing import Importer, events, kept_bodies
from tests.outbox import IMPORTS

MENU = """\
post,title,description,tags,metadata,channel,content,tone,thread,variant_metadata
1,Menu,The asparagus is here,"spring;a\\;b","{""n"": 1}",mastodon,It is here!,cheerful,,
1,,,,,bluesky,Here it is,,"[{""content"": ""Yes"", ""delay_seconds"": 60}]","{""v"": 2}"
2,,Closed on Monday,,,,,,,
,,Open on Tuesday,,,mastodon,Open,,,
"""
MENU_IN_JSON = [
    {
        "title": "Menu",
        "description": "The asparagus is here",
        "tags": ["spring", "a;b"],
        "metadata": {"n": 1},
        "variants": [
            {"channel": "mastodon", "content": "It is here!", "tone": "cheerful"},
            {
                "channel": "bluesky",
                "content": "Here it is",
                "thread": [{"content": "Yes", "delay_seconds": 60}],
                "metadata": {"v": 2},
            },
        ],
    },
    {"description": "Closed on Monday", "title": None, "variants": []},
    {
        "description": "Open on Tuesday",
        "variants": [{"channel": "mastodon", "content": "Open"}],
    },
]


@pytest.mark.parametrize(
    "body",
    [
        MENU,
        MENU_IN_JSON,
        MENU.replace("\n", "\r\n"),
        MENU.encode("utf-8-sig"),
        MENU.encode("utf-16"),
        b"\xfe\xff" + MENU.encode("utf-16-be"),
        MENU.replace(",,,\n", ",,,\n,,,,,,,,,\n\n"),
        MENU.replace("post,title", " Post , TITLE"),
    ],
    ids=["csv", "json", "crlf", "utf-8-sig", "utf-16", "utf-16-be", "blank rows", "loose header"],
)
def test_what_is_handed_over_is_written(
    importer: Importer, ada: Account, body: str | bytes | list[Any]
) -> None:
    asked = importer.hand_over(body).json["data"]
    assert (asked["status"], asked["total"], asked["percent"]) == ("queued", 3, 0)
    assert importer.posts() == []
    importer.post.run(IMPORTS)

    job = importer.look(asked["id"])
    assert (job["status"], job["percent"], job["created"], job["failed"]) == ("done", 100, 3, 0)
    assert job["created_by"] == str(ada.user_id)
    assert job["ended_at"] >= job["started_at"] >= job["created_at"]
    by_words = {post["description"]: post for post in importer.posts()}
    assert len(by_words) == 3
    menu = by_words["The asparagus is here"]
    assert (menu["title"], menu["tags"], menu["metadata"]) == ("Menu", ["spring", "a;b"], {"n": 1})
    assert (menu["status"], menu["created_by"]) == ("draft", str(ada.user_id))
    bluesky, mastodon = menu["variants"]
    assert (bluesky["channel_id"], bluesky["content"]) == ("bluesky", "Here it is")
    assert bluesky["thread"] == [{"content": "Yes", "delay_seconds": 60}]
    assert (bluesky["metadata"], bluesky["source"]) == ({"v": 2}, "imported")
    assert (mastodon["tone"], mastodon["status"]) == ("cheerful", "draft")
    assert by_words["Closed on Monday"]["variants"] == []
    assert [each["content"] for each in by_words["Open on Tuesday"]["variants"]] == ["Open"]
    assert kept_bodies() == 0
    told = {"dry_run": False, "total": 3, "created": 3, "failed": 0}
    assert events()[1:] == [("POSTS_IMPORTED", told)]
    assert events()[0][0] == "POSTS_IMPORT_STARTED"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_spreadsheets_of_other_countries_are_read(importer: Importer, delimiter: str) -> None:
    body = 'title,description,tags\nA,"1, 2",x\n'.replace(",d", f"{delimiter}d")
    body = body.replace(",t", f"{delimiter}t").replace('A,"', f'A{delimiter}"')
    body = body.replace('",x', f'"{delimiter}x')
    assert importer.run(body)["created"] == 1
    (post,) = importer.posts()
    assert (post["description"], post["tags"]) == ("1, 2", ["x"])


def test_good_posts_are_created_and_all_that_is_wrong_with_the_others_is_told(
    importer: Importer,
) -> None:
    body = "\n".join(
        [
            "post,title,description,tags,metadata,channel,content,tone,thread",
            f"a,{'x' * 201},,{'y' * 51},[1],,,,",
            "b,,Good,,,,,,",
            f"c,,Fine,,,mastodon,{'z' * 501},{'t' * 51},",
            "c,,,,,nowhere,,,",
            "c,Other,,,,bluesky,Sky,,oops",
            "c,,,,,,,,",
            "d,,<script>x</script>,,,,,,",
            "e,,Good too,,,,,,,,more",
            'f,,Thread,,,mastodon,Good,,"[{""content"": "" ""}]"',
            "g,,Last,,,mastodon,,,",
        ]
    )
    job = importer.run(body)
    assert (job["status"], job["total"], job["created"], job["failed"]) == ("done", 7, 1, 6)
    assert importer.descriptions() == ["Good"]
    assert sorted(importer.problems(job["id"]), key=str) == sorted(
        [
            (2, "title", "VALIDATION_ERROR"),
            (2, "description", "DESCRIPTION_REQUIRED"),
            (2, "tags", "VALIDATION_ERROR"),
            (2, "metadata", "VALIDATION_ERROR"),
            (4, "content", "CONTENT_TOO_LONG"),
            (4, "tone", "VALIDATION_ERROR"),
            (5, "channel", "CHANNEL_NOT_FOUND"),
            (5, "content", "VARIANT_CONTENT_REQUIRED"),
            (6, "title", "POST_DIFFERS"),
            (6, "thread", "MALFORMED_JSON"),
            (7, None, "VARIANT_MISSING"),
            (8, "description", "DESCRIPTION_REQUIRED"),
            (9, None, "TOO_MANY_CELLS"),
            (10, "thread.0.content", "VARIANT_CONTENT_REQUIRED"),
            (11, "content", "VARIANT_CONTENT_REQUIRED"),
        ],
        key=str,
    )


def test_a_dry_run_judges_everything_and_creates_nothing(importer: Importer) -> None:
    job = importer.run("description,title\nGood,\n,No\n", dry_run=True)
    counted = job["status"], job["total"], job["processed"], job["created"], job["failed"]
    assert counted == ("done", 2, 2, 0, 1)
    assert importer.problems(job["id"]) == [(3, "description", "DESCRIPTION_REQUIRED")]
    assert importer.posts() == []


def test_all_or_nothing(importer: Importer) -> None:
    bad = importer.run("description,title\nGood,\n,No\n", all_or_nothing=True)
    assert (bad["status"], bad["processed"], bad["created"], bad["failed"]) == ("done", 2, 0, 1)
    assert importer.posts() == []
    good = importer.run("description\nGood\nAlso\n", all_or_nothing=True)
    assert (good["status"], good["created"], good["failed"]) == ("done", 2, 0)
    assert importer.descriptions() == ["Also", "Good"]


def test_markup_is_cleaned_as_at_the_front_door(importer: Importer) -> None:
    importer.run([{"title": "<b>Tea</b>", "description": "<p onclick='x()'>5 < 6</p>"}])
    (post,) = importer.posts()
    assert (post["title"], post["description"]) == ("Tea", "<p>5 < 6</p>")


def test_what_the_contract_gives_as_an_example_can_be_imported(
    importer: Importer,
) -> None:
    content = IN_WHICH_FORMATS["content"]
    for body in (
        content["text/csv"]["example"],
        json.loads(json.dumps(content["application/json"]["schema"]["examples"][0])),
    ):
        job = importer.run(body)
        assert (job["status"], job["failed"]) == ("done", 0)
        assert job["created"] == job["total"]
