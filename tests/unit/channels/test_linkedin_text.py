"""LinkedIn's text: how long it is, and how it is written so that it is shown as it was meant."""

import pytest
from hypothesis import given, settings

from shared.channels.domain.linkedin.text import little, text_length
from tests.simulator.linkedin import posts
from tests.unit.channels import texts

MENTION = "@[Devtestco](urn:li:organization:2414183)"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain, “quoted” & 100 %", "plain, “quoted” & 100 %"),
        ("a (b) [c] {d} <e>", r"a \(b\) \[c\] \{d\} \<e\>"),
        ("*bold* _it_ ~no~ a|b", r"\*bold\* \_it\_ \~no\~ a\|b"),
        ("back\\slash", r"back\\slash"),
        ("me@example.com", r"me\@example.com"),
        ("#hashtag and #Köln2026.", "#hashtag and #Köln2026."),
        ("#7 C# # ## a#b", r"\#7 C\# \# \#\# a\#b"),
        ("#snake_case", r"#snake\_case"),
        ("https://example.com/a_(b)#part", r"https://example.com/a\_\(b\)\#part"),
        (f"Thanks {MENTION}!", f"Thanks {MENTION}!"),
        ("@[Nobody](urn:li:share:1)", r"\@\[Nobody\]\(urn:li:share:1\)"),
        ("@[Some](thing)", r"\@\[Some\]\(thing\)"),
    ],
)
def test_what_is_reserved_is_escaped(text: str, written: str) -> None:
    assert little(text) == written
    assert posts.read(written) == text


@settings(max_examples=600, deadline=None)
@given(texts.posts)
def test_any_text_is_shown_as_it_was_written(text: str) -> None:
    assert posts.read(little(text)) == text


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 0), ("abc", 3), ("é", 1), ("漢字", 2), ("\U0001f44d", 2), (texts.FAMILY, 11)],
)
def test_code_units_are_counted(text: str, length: int) -> None:
    assert text_length(text) == posts.length(text) == length


@pytest.mark.parametrize("piece", ["(", "#", "#a", "@[", "@[a](", "\\", "@[a](urn:li:person:"])
def test_long_texts_are_written_at_once(piece: str) -> None:
    """Ten thousand pieces take milliseconds; what is quadratic would take minutes."""
    little(piece * 10_000)
