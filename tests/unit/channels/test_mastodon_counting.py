"""Lengths as Mastodon counts them."""

import pytest
from hypothesis import given, settings

from shared.channels.domain.mastodon.text import countable_length
from tests.simulator.mastodon import counting
from tests.unit.channels import texts

LINK = 23


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        (" \n\u3000 ", 0),
        ("  padded  ", 6),
        ("abc", 3),
        ("a\nb", 3),
        ("a\r\nb", 3),
        (texts.FAMILY, 1),
        (texts.FLAGS, 2),
        (texts.SKIN, 1),
        (texts.KEYCAP, 1),
        (texts.ENGLAND, 1),
        (texts.ACCENTED, 1),
        (texts.JAMO, 1),
        ("漢字かな", 4),
        (texts.HEBREW, 4),
        (texts.ARABIC, 5),
    ],
)
def test_graphemes_are_counted(text: str, length: int) -> None:
    assert countable_length(text) == counting.count(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.com", LINK),
        ("http://a.de", LINK),
        ("HTTPS://EXAMPLE.COM/A", LINK),
        ("gemini://example.com/x", LINK),
        ("https://example.com/" + "long/" * 50, LINK),
        ("https://example.com:8443/a?b=c&d=e#f", LINK),
        ("https://en.wikipedia.org/wiki/Primer_(film)", LINK),
        ("https://example.com/a_(b_(c))", LINK),
        ("https://пример.рф/путь", LINK),
        ("https://xn--e1afmkfd.xn--p1ai/", LINK),
        ("https://example.comです", LINK + 2),
        ("日本語https://example.com/日本", 3 + LINK),
        ("https://example.com.", LINK + 1),
        ("https://example.com/a.", LINK + 1),
        ("https://example.com/a, b", LINK + 3),
        ("(https://example.com/a)", LINK + 2),
        ("(see https://example.com/a_(b))", 5 + LINK + 1),
        ("https://example.com/(open", LINK + 5),
        ("https://a.de https://b.de\nhttps://c.de", 3 * LINK + 2),
        ("https://example.com?q=1!", LINK + 1),
        ("«https://example.com»", LINK + 2),
    ],
)
def test_a_link_counts_23(text: str, length: int) -> None:
    assert countable_length(text) == counting.count(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "example.com/without/a/scheme/is/not/a/link",
        "www.example.com/without/a/scheme/is/not/a/link",
        "https://",
        "https://localhost/has/no/top/level/domain",
        "https://192.168.100.200/neither/has/this",
        "https://under_score.com/in/the/name",
        "xhttps://example.com/letters/before/it",
        "#https://example.com/is/a/tag",
        "someone.writing@example.com",
        "mailto:someone.writing@example.com",
        "ftp://example.com/a/scheme/of/no/interest",
    ],
)
def test_what_is_no_link_counts_as_it_stands(text: str) -> None:
    assert countable_length(text) == counting.count(text) == len(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("@user", 5),
        ("@user@example.social", 5),
        ("hi @user@example.social!", 9),
        ("@some.one-else@sub.example.social", 14),
        ("@user@example.social.", 6),
        ("@user@example.social and @other@example.social", 5 + 5 + 6),
        ("me@example.social", 17),
        ("/@user@example.social", 21),
        ("@user@beispiel.köln", 5),
        ("https://example.social/@user@other.example", LINK),
    ],
)
def test_a_mention_counts_without_its_server(text: str, length: int) -> None:
    assert countable_length(text) == counting.count(text) == length


@settings(max_examples=600, deadline=None)
@given(texts.posts)
def test_both_counts_agree_on_any_text(text: str) -> None:
    assert countable_length(text) == counting.count(text)


@pytest.mark.parametrize(
    "piece", ["(", "a.", "@a-", "https://a.", "https://a.de/(", "漢", "@", "a@b.", "/?"]
)
def test_long_texts_are_counted_at_once(piece: str) -> None:
    """Ten thousand pieces take milliseconds; what is quadratic would take minutes."""
    countable_length(piece * 10_000)
