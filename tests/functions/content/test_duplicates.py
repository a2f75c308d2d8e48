"""A post written once more; and one post with what belongs to it."""

from typing import Any

import pytest

from tests.accounts import Account
from tests.author import Author
from tests.simulator.client import Simulator

VARIED = {"id", "post_id", "created_at", "updated_at", "created_by", "status", "version"}


@pytest.fixture
def author(ada: Account, simulator: Simulator) -> Author:
    return Author.of(ada)


@pytest.fixture
def original(author: Author) -> str:
    """A post that is scheduled, with a thread as its variant."""
    body = {"title": "Tea", "description": "<b>At four</b>", "tags": ["hot"], "metadata": {"a": 1}}
    post: str = author.api.post("/posts", body).json["data"]["id"]
    variant = author.api.post(
        f"/posts/{post}/variants",
        {
            "channel_id": "mastodon",
            "content": "Tea!",
            "thread": [{"content": "Cake!", "delay_seconds": 60}],
            "tone": "warm",
        },
    ).json["data"]["id"]
    author.schedule(variant, author.connect())
    return post


def _variants(author: Author, post: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = author.api.get(f"/posts/{post}/variants").json["data"]
    return found


def _apart(thing: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if name not in {*VARIED, *names}}


def test_a_copy_is_a_draft_of_the_same_words(author: Author, original: str) -> None:
    answer = author.api.post(f"/posts/{original}/duplicate")
    assert answer.status == 201
    copy, first = answer.json["data"], author.api.get(f"/posts/{original}").json["data"]
    assert copy["id"] != original
    assert (copy["title"], copy["status"], copy["version"]) == ("Tea (copy)", "draft", 1)
    assert _apart(copy, "title") == _apart(first, "title")
    (variant,), (model,) = _variants(author, copy["id"]), _variants(author, original)
    assert (variant["status"], model["status"]) == ("draft", "ready")
    assert _apart(variant) == _apart(model)
    author.api.patch(f"/variants/{variant['id']}", {"content": "Coffee!"})
    assert _variants(author, original) == [model]


def test_a_copy_has_what_was_asked_for(author: Author, original: str) -> None:
    wanted = {"title": "<i>Coffee</i>", "include_variants": False, "include_tags": False}
    copy = author.api.post(f"/posts/{original}/duplicate", wanted).json["data"]
    assert (copy["title"], copy["tags"], copy["metadata"]) == ("Coffee", [], {"a": 1})
    assert _variants(author, copy["id"]) == []


@pytest.mark.parametrize(("title", "expected"), [(None, None), ("x" * 200, "x" * 193 + " (copy)")])
def test_a_mark_fits(author: Author, title: str | None, expected: str | None) -> None:
    body = {"title": title, "description": "At four"}
    post = author.api.post("/posts", body).json["data"]["id"]
    assert author.api.post(f"/posts/{post}/duplicate").json["data"]["title"] == expected


def test_a_title_that_is_too_long_makes_no_copy(author: Author, original: str) -> None:
    answer = author.api.post(f"/posts/{original}/duplicate", {"title": "x" * 201})
    assert (answer.status, answer.json["errors"][0]["field"]) == (400, "title")
    assert author.api.get("/posts").json["pagination"]["total"] == 1


def test_a_post_is_shown_with_what_belongs_to_it(author: Author, original: str) -> None:
    path = f"/posts/{original}"
    bare = author.api.get(path).json["data"]
    assert not {"variants", "schedules"} & bare.keys()
    full = author.api.get(path, include_variants=True, include_schedules=True).json["data"]
    assert full["variants"] == _variants(author, original)
    assert [schedule["part"] for schedule in full["schedules"]] == [0, 1]
    assert {schedule["status"] for schedule in full["schedules"]} == {"pending"}
    assert {schedule["channel_id"] for schedule in full["schedules"]} == {"mastodon"}
    assert _apart(full, "variants", "schedules") == _apart(bare)
    empty = author.api.post("/posts", {"description": "x"}).json["data"]["id"]
    shown = author.api.get(f"/posts/{empty}", include_variants=True, include_schedules=True)
    assert (shown.json["data"]["variants"], shown.json["data"]["schedules"]) == ([], [])
