"""Figures of all posts, and a search through everything."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from shared.infrastructure.database import transaction
from tests.accounts import Account
from tests.author import Author
from tests.simulator.client import Simulator


def _published(post: str, at: datetime) -> None:
    with transaction() as session:
        session.execute(
            text("UPDATE posts SET status = 'published', published_at = :at WHERE id = :id"),
            {"at": at, "id": post},
        )


def _stats(account: Account, **query: Any) -> Any:
    answer = account.api.get("/posts/stats", **query)
    assert answer.status == 200, answer.content
    return answer.json["data"]


@pytest.fixture
def library(ada: Account, ben: Account) -> list[str]:
    ids = []
    for tags in (["tea", "hot"], ["tea"], []):
        body = {"description": "At four", "tags": tags}
        ids.append(ada.api.post("/posts", body).json["data"]["id"])
    for post, channel in ((ids[0], "mastodon"), (ids[0], "mastodon"), (ids[1], "bluesky")):
        body = {"channel_id": channel, "content": "Tea!"}
        ada.api.post(f"/posts/{post}/variants", body)
    gone = ada.api.post("/posts", {"description": "Gone", "tags": ["gone"]}).json["data"]["id"]
    ada.api.delete(f"/posts/{gone}")
    ben.api.post("/posts", {"description": "Ben's", "tags": ["tea"]})
    return ids


def test_posts_are_counted_by_what_they_are(ada: Account, library: list[str]) -> None:
    _published(library[0], datetime(2027, 3, 1, 9, tzinfo=UTC))
    figures = _stats(ada)
    assert figures["total"] == 3
    counted = {word: count for word, count in figures["by_status"].items() if count}
    assert counted == {"draft": 2, "published": 1}
    assert len(figures["by_status"]) == 8
    assert figures["by_channel"] == [
        {"name": "bluesky", "count": 1},
        {"name": "mastodon", "count": 1},
    ]
    assert figures["by_tag"] == [{"name": "tea", "count": 2}, {"name": "hot", "count": 1}]
    assert len(figures["published_per_day"]) == 30
    assert figures["timezone"] == "UTC"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", {"2027-03-28": 2, "2027-03-29": 0}),
        ("Europe/Berlin", {"2027-03-28": 1, "2027-03-29": 1}),
        ("Pacific/Auckland", {"2027-03-28": 1, "2027-03-29": 1}),
        ("America/Los_Angeles", {"2027-03-28": 1, "2027-03-29": 0}),
    ],
)
def test_days_are_those_of_the_zone(
    ada: Account, library: list[str], zone: str, expected: dict[str, int]
) -> None:
    """Berlin's 28th of March has 23 hours."""
    _published(library[0], datetime(2027, 3, 28, 0, 30, tzinfo=UTC))
    _published(library[1], datetime(2027, 3, 28, 22, 30, tzinfo=UTC))
    figures = _stats(ada, timezone=zone, from_date="2027-03-28", to_date="2027-03-29")
    assert {day["date"]: day["count"] for day in figures["published_per_day"]} == expected


def test_a_range_may_have_one_end(ada: Account) -> None:
    figures = _stats(ada, to_date="2027-03-30")
    assert (figures["from_date"], figures["to_date"]) == ("2027-03-01", "2027-03-30")
    figures = _stats(ada, from_date="2199-01-01")
    assert figures["to_date"] == "2199-01-01"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"timezone": "Mars/Olympus"}, "INVALID_TIMEZONE"),
        ({"timezone": "../etc/passwd"}, "INVALID_TIMEZONE"),
        ({"from_date": "2027-03-02", "to_date": "2027-03-01"}, "INVALID_DATE_RANGE"),
        ({"from_date": "2026-01-01", "to_date": "2027-03-01"}, "INVALID_DATE_RANGE"),
        ({"from_date": "yesterday"}, "VALIDATION_ERROR"),
        ({"from_date": "0001-01-01"}, "VALIDATION_ERROR"),
        ({"to_date": "9999-12-31"}, "VALIDATION_ERROR"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(
    ada: Account, query: dict[str, str], code: str
) -> None:
    answer = ada.api.get("/posts/stats", **query)
    assert (answer.status, answer.codes) == (400, [code])


def _found(account: Account, q: str) -> dict[str, int]:
    answer = account.api.get("/search", q=q)
    assert answer.status == 200, answer.content
    return {kind: len(found) for kind, found in answer.json["data"].items()}


def test_everything_is_searched_at_once(ada: Account, ben: Account, simulator: Simulator) -> None:
    author = Author.of(ada)
    for number in range(6):
        author.write(f"Asparagus {number}")
    connection = author.connect()
    assert _found(ada, "aspar") == {"posts": 5, "variants": 5, "connections": 0}
    assert _found(ben, "aspar") == {"posts": 0, "variants": 0, "connections": 0}
    shown = ada.api.get(f"/channels/connections/{connection}").json
    name = shown.get("data", shown)["display_name"]
    answer = ada.api.get("/search", q=name[1:5]).json["data"]
    assert [each["id"] for each in answer["connections"]] == [connection]
    assert _found(ben, name[1:5])["connections"] == 0
    variant = ada.api.get("/search", q="asparagus 3").json["data"]["variants"][0]
    assert (variant["channel_id"], variant["excerpt"]) == ("mastodon", "Asparagus 3")


def test_a_search_finds_nothing_that_is_deleted(ada: Account, simulator: Simulator) -> None:
    post, variant = Author.of(ada).write("Asparagus")
    assert _found(ada, "asparagus")["variants"] == 1
    ada.api.delete(f"/variants/{variant}")
    assert _found(ada, "asparagus") == {"posts": 1, "variants": 0, "connections": 0}
    ada.api.post(f"/posts/{post}/variants", {"channel_id": "mastodon", "content": "Asparagus"})
    ada.api.delete(f"/posts/{post}")
    assert _found(ada, "asparagus") == {"posts": 0, "variants": 0, "connections": 0}


@pytest.mark.parametrize("query", [{}, {"q": " "}, {"q": "x" * 201}, {"q": "a\0"}])
def test_a_search_for_nothing_is_refused(ada: Account, query: dict[str, str]) -> None:
    answer = ada.api.get("/search", **query)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == "q"


def test_an_excerpt_of_a_post_is_text_without_half_a_tag(ada: Account) -> None:
    link = f'<a href="https://example.org/{"menu" * 40}">menu</a>'
    ada.api.post("/posts", {"description": f"<p>The <b>asparagus</b></p>\n<p>is here: {link}</p>"})
    found = ada.api.get("/search", q="asparagus").json["data"]["posts"]
    assert [each["excerpt"] for each in found] == ["The asparagus is here: menu"]
    ada.api.post("/posts", {"description": f"<p>{'Tea ' * 100}</p>"})
    found = ada.api.get("/search", q="tea").json["data"]["posts"]
    assert [each["excerpt"] for each in found] == [("Tea " * 100)[:140]]
