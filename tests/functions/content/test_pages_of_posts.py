"""Pages of the list of posts: how many there are, and how one goes through them."""

from base64 import urlsafe_b64encode
from typing import Any
from uuid import uuid4

import pytest

from shared.content.adapters import post_list
from tests.accounts import Account
from tests.functions.content.lists import COCOA, TEA, listed


def test_the_total_counts_all_that_match(library: Account) -> None:
    answer = library.api.get("/posts", tags="hot", limit=1).json
    assert answer["pagination"] == {
        "limit": 1,
        "offset": 0,
        "total": 2,
        "total_is_exact": True,
        "has_more": True,
        "next_cursor": answer["pagination"]["next_cursor"],
    }
    assert len(answer["data"]) == 1
    assert library.api.get("/posts").json["pagination"] == {
        "limit": 50,
        "offset": 0,
        "total": 3,
        "total_is_exact": True,
        "has_more": False,
        "next_cursor": None,
    }
    for offset, total in ((2, 3), (3, 3), (100, 3)):
        place = library.api.get("/posts", offset=offset).json["pagination"]
        assert (place["total"], place["has_more"]) == (total, False)


def test_only_a_thousand_are_counted(library: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_list, "COUNTED", 1)
    for offset, total, is_exact in ((0, 2, False), (1, 3, False), (2, 3, True)):
        place = library.api.get("/posts", limit=1, offset=offset).json["pagination"]
        assert (place["total"], place["total_is_exact"]) == (total, is_exact)
        assert place["total"] > offset, "whoever pages until the total misses nothing"


ORDERS = [
    {"sortBy": by, "sortOrder": order}
    for by in ("title", "status", "created_at", "updated_at")
    for order in ("asc", "desc")
]


@pytest.mark.parametrize(
    "order", [*ORDERS, {"sortBy": "relevance", "search": "tea or cocoa or ice"}], ids=str
)
def test_cursors_lead_through_the_whole_list(library: Account, order: dict[str, Any]) -> None:
    library.api.post("/posts", {"title": "alpha", "description": "Ice again"})
    library.api.post("/posts", {"description": "No title, tea"})
    whole = listed(library, **order)
    assert len(whole) == 5
    walked: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = library.api.get("/posts", limit=1, **order, **cursor).json
        walked += [post["description"] for post in answer["data"]]
        if not answer["pagination"]["has_more"]:
            break
        cursor = {"cursor": answer["pagination"]["next_cursor"]}
    assert walked == whole
    assert answer["pagination"]["next_cursor"] is None


def test_a_cursor_misses_and_repeats_nothing_while_others_write(library: Account) -> None:
    first = library.api.get("/posts", sortBy="created_at", limit=1).json
    library.api.post("/posts", {"description": "Newer"})
    cursor = first["pagination"]["next_cursor"]
    assert listed(library, sortBy="created_at", cursor=cursor) == [COCOA, TEA]


def test_whole_texts_have_no_cursors(library: Account) -> None:
    for by in ("description", "tags"):
        place = library.api.get("/posts", sortBy=by, limit=1).json["pagination"]
        assert (place["has_more"], place["next_cursor"]) == (True, None)


def test_a_cursor_of_another_order_or_of_nobody_is_refused(library: Account) -> None:
    given = library.api.get("/posts", limit=1).json["pagination"]["next_cursor"]
    queries = [{"cursor": given, "sortOrder": "asc"}, {"cursor": given, "sortBy": "title"}]
    keys = ('"x"', "5", "true", "[]", '"2027-01-01"', "null")
    forged = [f'["updated_at desc",{key},"{uuid4()}"]' for key in keys]
    forged += ['["updated_at desc"]', "5", "{}", '["a","b","c"]', "[" * 1_400]
    queries += [{"cursor": _forged(each)} for each in forged]
    queries += [{"cursor": text} for text in ("x", "\u00e9", "====", "a b")]
    queries.append({"sortBy": "status", "cursor": _forged(f'["status desc","gone","{uuid4()}"]')})
    for query in queries:
        answer = library.api.get("/posts", **query)
        assert (answer.status, answer.codes) == (400, ["INVALID_CURSOR"]), query
    both = library.api.get("/posts", cursor=given, offset=1)
    assert (both.status, both.json["errors"][0]["field"]) == (400, "offset")


def _forged(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()
