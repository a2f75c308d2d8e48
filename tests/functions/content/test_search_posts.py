"""Posts looked for by their words."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
        ("-at'four", [ICE, COCOA]),
        ("-tea+at", [ICE, COCOA]),
        ("-tea+at -ice", [COCOA]),
        ("-(te", [TEA, ICE, COCOA]),
        ("it's", []),
        ("tea'at'fo", [TEA]),
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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(
    st.text(st.sampled_from("ab -+~'\"()&|!<>:*\\/._@%寿2"), max_size=12)
    | st.lists(
        st.sampled_from(["-", "or", "and", '"', "'", "it's", "-it's", "<->", "a", ":*", "!", "("])
    ).map(" ".join)
    | st.text(max_size=8)
)
def test_whatever_is_typed_is_a_question(library: Account, search: str) -> None:
    answer = library.api.get("/posts", search=search)
    assert answer.status in {200, 400}, (search, answer.content)


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
