"""Posts looked for by their words."""

import pytest

from tests.accounts import Account
from tests.functions.content.lists import COCOA, ICE, TEA, listed


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("ALPH", [ICE]),
        ("100%", [COCOA]),
        ("cocoa_powder", [COCOA]),
        ("powder cocoa", [COCOA]),
        ("pow", [COCOA]),
        ("owder", []),
        ("tea or ice", [TEA, ICE]),
        ("four -cake", [TEA]),
        ("-tea -alpha", [COCOA]),
        ('"at four"', [TEA]),
        ('"four at"', []),
        ('"tea at fo"', []),
        ("a%r", []),
        ("\\", []),
        ("/", []),
        ("'", []),
        (":* & !", []),
        ("©", []),
    ],
)
def test_words_are_found(library: Account, search: str, expected: list[str]) -> None:
    assert listed(library, search=search) == expected


@pytest.mark.parametrize(
    ("description", "searched", "is_found"),
    [
        ("<p>Grüne <b>Soße</b></p>", "soße", True),
        ("<p>Grüne Soße</p>", "p", False),
        ('<a href="https://example.com/menu">here</a>', "menu", False),
        ("See https://example.com/menu/today", "menu", True),
        ("ada@example.com", "example", True),
        ("24/7 open", "24/7", True),
        ("state-of-the-art", "state-of", True),
        ("5 < 6 and 7 > 6", "and", True),
        ("東京で寿司を食べる", "寿司", True),
        ("東京で寿司を食べる", "拉麺", False),
        ("สวัสดีครับ", "สวัส", True),
        ("Доброе утро", "утр", True),
        ("مرحبا بالعالم", "بالعالم", True),
        ("नमस्ते दुनिया", "दुनिया", True),
        ("#spring27 begins", "spring27", True),
    ],
)
def test_every_language_is_searched(
    ada: Account, description: str, searched: str, *, is_found: bool
) -> None:
    ada.api.post("/posts", {"description": description})
    assert bool(listed(ada, search=searched)) is is_found


def test_the_title_counts_for_more(ada: Account) -> None:
    for title, description in ((None, "tea tea tea"), ("Tea", "At four"), (None, "coffee")):
        ada.api.post("/posts", {"title": title, "description": description})
    assert listed(ada, search="tea", sortBy="relevance") == ["At four", "tea tea tea"]
    without = ada.api.get("/posts", sortBy="relevance")
    assert (without.status, without.json["errors"][0]["field"]) == (400, "sortBy")
