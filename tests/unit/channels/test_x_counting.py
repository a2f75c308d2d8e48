"""Lengths as X counts them; the first table is of twitter-text's own conformance cases."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.channels.domain.x.text import weighted_length
from tests.simulator.x import counting
from tests.unit.channels import texts

LINK = 23
KANA = "あいうえおかきくけこ"
SPACES = "".join(map(chr, range(0x2000, 0x200E)))
MARKS = " ".join(map(chr, (*range(0x2010, 0x2020), *range(0x2032, 0x2038))))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("This is a test.", 15),
        ("http://test.com", LINK),
        ("https://test.com", LINK),
        ("test.com", LINK),
        ("Test https://test.com test https://test.com test.com test", 86),
        ("Hi http://test.co", 3 + LINK),
        ("https://www.twitter.com/aloha " * 10, 240),
        ("\U00010000\U0010ffff", 4),
        ("저찀쯿쿿", 8),
        ("故人西辞黄鹤楼\uff0c烟花三月下扬州。" * 10, 320),
        ("the故人西辞黄鹤楼", 3 + 14),
        ("\U0001f637" * 160, 320),
        ("A\u0301B", 2),
        ("A\ufb2c", 4),
        (f"H\U0001f431\u263a{texts.FAMILY}", 7),
        ("\U0001f64b\U0001f3fd\U0001f468\u200d\U0001f3a4", 4),
        ("\U0001f637\U0001f47e\U0001f621\U0001f525\U0001f4a9", 10),
        (f"This is a tweet with {SPACES} {MARKS}", 79),
        ("randomurl" * 7 + "s.com", 68),
        (f"{KANA * 12} http://{KANA * 5}あいう.com", 358),
        (f"{KANA * 12} http://{KANA * 5}あい.com", 264),
    ],
)
def test_what_twitter_text_demands(text: str, length: int) -> None:
    assert weighted_length(text) == counting.count(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("\n\r\n\t", 4),
        (texts.FAMILY, 2),
        (texts.FLAGS, 4),
        (texts.SKIN, 2),
        (texts.KEYCAP, 2),
        (texts.ENGLAND, 2),
        ("\u00a9\u00ae", 2),
        ("\u2122", 2),
        ("\u2764\ufe0f", 2),
        (texts.HEBREW, 7),
        (texts.ARABIC, 6),
        ("ß", 1),
        ("“quoted”", 8),
        ("€", 2),
    ],
)
def test_characters_have_their_weight(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.com/" + "long/" * 50, LINK),
        ("HTTPS://EXAMPLE.COM/A", LINK),
        ("https://example.com:8443/a?b=c&d=e#f", LINK),
        ("https://example.com?q=1", LINK),
        ("https://en.wikipedia.org/wiki/Primer_(film)", LINK),
        ("(see example.com/a?b=c)", 5 + LINK + 1),
        ("https://example.com.", LINK + 1),
        ("www.example.org, example.de", LINK + 2 + LINK),
        ("日本example.comです", 4 + LINK + 4),
        ("https://t.co/abc/def", LINK + 4),
        ("https://пример.рф/путь", LINK),
        ("example.com?q=1", LINK + 4),
    ],
)
def test_a_link_counts_23(text: str, length: int) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "node.js",
        "someone.writing@example.com",
        "path/to.com/somewhere",
        "-foo.com",
        "#https://example.com",
        "https://",
        "https://localhost/a",
        "http://under_score.com",
        "http://www.-domain.com/",
        f"https://t.co/{'a' * 41}",
    ],
)
def test_what_is_no_link_counts_as_it_stands(text: str) -> None:
    assert weighted_length(text) == len(text)


_PIECES = st.sampled_from(
    [
        *(
            texts.FAMILY,
            texts.FLAGS,
            texts.SKIN,
            texts.KEYCAP,
            "\u263a",
            "漢字",
            "かな",
            "é",
            "e\u0301",
        ),
        *(" ", "\n", ", ", " (", ") ", "word", "7", "“", "€", "https://example.com/a_(b)?c=d#e "),
        *(" example.org/path ", " www.example.de. ", " http://a.b.example.com:80/?q=1, "),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PIECES, max_size=30).map("".join))
def test_both_counts_agree(text: str) -> None:
    assert weighted_length(text) == counting.count(text)


@settings(max_examples=300, deadline=None)
@given(texts.posts)
def test_any_text_counts_the_same_however_it_is_composed(text: str) -> None:
    """And never more than two for each of its characters, but for short links."""
    length = weighted_length(text)
    assert length == weighted_length(unicodedata.normalize("NFD", text))
    links = text.lower().count(".")
    assert length <= 2 * len(unicodedata.normalize("NFC", text)) + LINK * links


@given(st.text(alphabet=st.characters(max_codepoint=0x10FF, exclude_characters="./:#*")))
def test_plain_text_counts_its_characters(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    light = all(ord(one) <= 0x10FF for one in composed)
    assert not light or weighted_length(text) == len(composed)


@pytest.mark.parametrize(
    "piece",
    ["(", "a.", "a-", "あ", "あ.", "https://a.", "https://a.de/(", "/?", "\U0001f44d\u200d", "-_."],
)
def test_long_texts_are_counted_at_once(piece: str) -> None:
    """Ten thousand pieces take milliseconds; what is quadratic would take minutes."""
    weighted_length(piece * 10_000)
