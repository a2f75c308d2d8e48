"""The list of posts: what is on it and in which order."""

from typing import Any

import pytest

from tests.accounts import Account
from tests.author import Author
from tests.functions.content.lists import COCOA, ICE, TEA, listed
from tests.simulator.client import Simulator


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [TEA, ICE, COCOA]),
        ({"sortBy": "updated_at", "sortOrder": "asc"}, [COCOA, ICE, TEA]),
        ({"sortBy": "created_at"}, [ICE, COCOA, TEA]),
        ({"sortBy": "description", "sortOrder": "asc"}, [COCOA, ICE, TEA]),
        ({"sortBy": "tags", "sortOrder": "asc"}, [COCOA, ICE, TEA]),
        ({"tags": "tea"}, [TEA]),
        ({"tags": "hot, cold"}, [TEA, ICE, COCOA]),
        ({"tags": "cocoa,,cold,"}, [ICE, COCOA]),
        ({"tags": "coc"}, []),
        ({"search": "TEA"}, [TEA]),
        ({"status": "draft"}, [TEA, ICE, COCOA]),
        ({"status": "published, draft"}, [TEA, ICE, COCOA]),
        ({"status": "published"}, []),
        ({"search": "a", "tags": "hot"}, [TEA]),
        ({"tags": "hot,tea", "tags_mode": "all"}, [TEA]),
        ({"tags": "hot,cold", "tags_mode": "all"}, []),
        ({"created_from": "2027-01-01"}, []),
        ({"created_to": "2027-01-01T00:00:00"}, [TEA, ICE, COCOA]),
        ({"updated_to": "2026-01-01T00:00:00+02:00"}, []),
        ({"updated_from": "2026-01-01T00:00:00Z"}, [TEA, ICE, COCOA]),
        ({"channel_id": "mastodon"}, [ICE]),
        ({"channel_id": "bluesky"}, []),
        ({"limit": 1, "offset": 1}, [ICE]),
        ({"offset": 3}, []),
    ],
    ids=str,
)
def test_filters_order_and_pages(
    library: Account, query: dict[str, Any], expected: list[str]
) -> None:
    assert listed(library, **query) == expected


def test_those_of_no_title_come_last(library: Account) -> None:
    assert listed(library, sortBy="title", sortOrder="asc")[-1] == COCOA
    assert listed(library, sortBy="title", sortOrder="desc")[-1] == COCOA


def test_each_post_tells_how_many_variants_and_schedules_it_has(
    library: Account, simulator: Simulator
) -> None:
    author = Author.of(library)
    (ice,) = library.api.get("/posts", search="ice").json["data"]
    variant = library.api.get(f"/posts/{ice['id']}/variants").json["data"][0]["id"]
    for _ in range(2):
        author.schedule(variant, author.connect())
    counts = {
        post["description"]: (post["variants_count"], post["schedules_count"])
        for post in library.api.get("/posts").json["data"]
    }
    assert counts == {TEA: (0, 0), COCOA: (0, 0), ICE: (2, 2)}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"offset": -1}, "offset"),
        ({"offset": 10**30}, "offset"),
        ({"status": "gone"}, "status"),
        ({"status": "draft,gone"}, "status"),
        ({"tags_mode": "none"}, "tags_mode"),
        ({"created_from": "soon"}, "created_from"),
        ({"channel_id": "a\0"}, "channel_id"),
        ({"sortBy": "organization_id"}, "sortBy"),
        ({"sortBy": "created_at; DROP TABLE posts"}, "sortBy"),
        ({"sortOrder": "up"}, "sortOrder"),
        ({"search": "\0"}, "search"),
        ({"tags": "a\0"}, "tags"),
        ({"search": "x" * 201}, "search"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(ada: Account, query: dict[str, Any], field: str) -> None:
    answer = ada.api.get("/posts", **query)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == field
