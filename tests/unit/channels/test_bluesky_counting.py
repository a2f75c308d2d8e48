"""Lengths as Bluesky counts them, and ranges of what it marks."""

import pytest
from hypothesis import given, settings

from shared.channels.domain.bluesky.text import facets, post_length, spans
from tests.simulator import graphemes
from tests.simulator.bluesky import rules
from tests.unit.channels import texts


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("a\r\nb", 3),
        (" padded ", 8),
        (texts.FAMILY, 1),
        (texts.FAMILY * 120, 120),
        (texts.FLAGS, 2),
        (texts.SKIN + texts.KEYCAP + texts.ENGLAND, 3),
        (texts.ACCENTED + texts.JAMO, 2),
        (texts.HEBREW, 4),
        (texts.ARABIC, 5),
        ("漢字かな한국어", 7),
        ("https://example.com/not/shortened", 33),
        ("x" * 301, 301),
    ],
)
def test_graphemes_are_counted(text: str, length: int) -> None:
    assert post_length(text) == graphemes.count(text) == length


def test_what_has_too_many_bytes_is_too_long() -> None:
    assert post_length("x" + texts.FAMILY * 120) > 300
    assert post_length("e" + "\u0301" * 1499) == 1
    assert post_length("e" + "\u0301" * 1500) > 300


def test_half_a_surrogate_pair_is_counted_too() -> None:
    assert post_length("\ud83d") == 1


@settings(max_examples=400, deadline=None)
@given(texts.posts)
def test_both_counts_agree_on_any_text(text: str) -> None:
    assert post_length(text) == graphemes.count(text)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("https://example.com", ["link https://example.com"]),
        ("HTTP://EXAMPLE.COM/A", ["link HTTP://EXAMPLE.COM/A"]),
        ("see https://example.com/a.", ["link https://example.com/a"]),
        ("see https://example.com/a?!", ["link https://example.com/a"]),
        ("(https://example.com/a)", ["link https://example.com/a"]),
        ("(https://example.com/a_(b))", ["link https://example.com/a_(b)"]),
        ("https://example.com/ü?q=é#f", ["link https://example.com/ü?q=é#f"]),
        ("go to example.com, now", ["link https://example.com"]),
        ("example.com/path?x=1", ["link https://example.com/path?x=1"]),
        ("sub.example.co.uk:8080/x", ["link https://sub.example.co.uk:8080/x"]),
        ("node.js, file.txt, e.g. this", []),
        ("me@example.com first.last@example.com", []),
        ("日本語https://example.com", []),
        ("https:// https://. http://)", []),
        ("hi @alice.bsky.social!", ["mention alice.bsky.social"]),
        ("(@Alice.Example.COM)", ["mention alice.example.com"]),
        ("@alice.bsky.social. Bye", ["mention alice.bsky.social"]),
        ("@alice and a@alice.bsky.social", []),
        (
            "#tag #two-words #日本語。 #ünïcode!",
            ["tag tag", "tag two-words", "tag 日本語", "tag ünïcode"],
        ),
        ("#7 #123 # #! ##", []),
        ("#1st and no#tag", ["tag 1st"]),
        ("#\ufe0f\u20e3 keycap", []),
        (f"#{'x' * 64} #{'x' * 65}", [f"tag {'x' * 64}"]),
        ("#a(https://example.com", ["tag a(https://example.com"]),
        (
            "https://example.com/(@alice.bsky.social",
            ["link https://example.com/(@alice.bsky.social"],
        ),
    ],
)
def test_links_mentions_and_tags_are_found(text: str, marked: list[str]) -> None:
    assert [f"{span.kind} {span.value}" for span in spans(text)] == marked


def test_ranges_are_of_bytes() -> None:
    text = f"{texts.FAMILY} é #ü https://example.com"
    content = text.encode()
    assert [content[span.start : span.end].decode() for span in spans(text)] == [
        "#ü",
        "https://example.com",
    ]


@settings(max_examples=600, deadline=None)
@given(texts.posts)
def test_facets_of_any_text_are_valid(text: str) -> None:
    found = spans(text)
    dids = {span.value: "did:plc:ewvi7nxzyoun6zhxrhs64oiz" for span in found}
    rules.check_facets(text, facets(found, dids))


def test_a_mention_of_nobody_has_no_facet() -> None:
    found = spans("@nobody.example.com #tag")
    marked = facets(found, {"nobody.example.com": None})
    assert [facet["features"][0]["$type"] for facet in marked] == ["app.bsky.richtext.facet#tag"]


@pytest.mark.parametrize("piece", ["(", "a.", "a-", " #1", "(https://a.de", "@a.", "漢", ")", "#"])
def test_long_texts_are_searched_at_once(piece: str) -> None:
    """Ten thousand pieces take milliseconds; what is quadratic would take minutes."""
    spans(piece * 10_000)
