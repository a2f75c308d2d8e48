"""The list of posts: what is on it, in which order, and how much of it."""

from typing import Any

import pytest

from tests.accounts import Account


@pytest.fixture
def library(ada: Account, ben: Account) -> Account:
    """Ada's three posts, the third written last and the first edited last; and one of Ben's."""
    ids = []
    for title, description, tags in (
        ("Beta", "Tea at four", ["tea", "hot"]),
        (None, "100% cocoa_powder", ["cocoa", "hot"]),
        ("alpha", "Ice", ["cold"]),
    ):
        body = {"title": title, "description": description, "tags": tags}
        ids.append(ada.api.post("/posts", body).json["data"]["id"])
    ada.api.patch(f"/posts/{ids[0]}", {"metadata": {"edited": True}})
    ben.api.post("/posts", {"description": "Tea of Ben's", "tags": ["tea"]})
    return ada


def _listed(author: Account, **query: Any) -> list[str]:
    answer = author.api.get("/posts", **query)
    assert answer.status == 200, answer.content
    return [post["description"] for post in answer.json["data"]]


TEA, COCOA, ICE = "Tea at four", "100% cocoa_powder", "Ice"


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
        ({"search": "ALPH"}, [ICE]),
        ({"search": "100%"}, [COCOA]),
        ({"search": "a_p"}, [COCOA]),
        ({"search": "a%r"}, []),
        ({"search": "\\"}, []),
        ({"search": "/"}, []),
        ({"status": "draft"}, [TEA, ICE, COCOA]),
        ({"status": "published"}, []),
        ({"search": "a", "tags": "hot"}, [TEA, COCOA]),
        ({"limit": 1, "offset": 1}, [ICE]),
        ({"offset": 3}, []),
    ],
    ids=str,
)
def test_filters_order_and_pages(
    library: Account, query: dict[str, Any], expected: list[str]
) -> None:
    assert _listed(library, **query) == expected


def test_those_of_no_title_come_last(library: Account) -> None:
    assert _listed(library, sortBy="title", sortOrder="asc")[-1] == COCOA
    assert _listed(library, sortBy="title", sortOrder="desc")[-1] == COCOA


def test_the_total_counts_all_that_match(library: Account) -> None:
    answer = library.api.get("/posts", tags="hot", limit=1).json
    assert answer["pagination"] == {"limit": 1, "offset": 0, "total": 2}
    assert len(answer["data"]) == 1
    assert library.api.get("/posts").json["pagination"] == {"limit": 50, "offset": 0, "total": 3}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"offset": -1}, "offset"),
        ({"offset": 10**30}, "offset"),
        ({"status": "gone"}, "status"),
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
