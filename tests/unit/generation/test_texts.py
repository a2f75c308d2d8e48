"""Sentences, words, hashtags, and shortening that cuts no grapheme."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.generation.adapters.offline_help import improved
from shared.generation.adapters.offline_writer import OfflineWriter
from shared.generation.domain.brief import Brief, Goal
from shared.generation.domain.channel import Anywhere, Place
from shared.generation.domain.hashtags import hashtags
from shared.generation.domain.rules import has_controls, may_be_kept
from shared.generation.domain.texts import graphemes, sentences, shortened, words

FAMILY = "\U0001f469\u200d\U0001f467\u200d\U0001f466"
TEXTS = st.text(
    st.one_of(
        st.sampled_from(["\u200d", "\u0301", "\U0001f469", "\U0001f1e9", "\u202e", "\n", ".", " "]),
        st.characters(exclude_categories=["Cs", "Cc"]),
    ),
    max_size=200,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("- one\n\u2022 two\n3) three\n\n", ["one", "two", "three"]),
        ("It costs 3.50 at x.example.org now", ["It costs 3.50 at x.example.org now"]),
        ('He said "Go." Then left.', ['He said "Go."', "Then left."]),
        ("\u4e00\u3002\u4e8c\u3002", ["\u4e00\u3002", "\u4e8c\u3002"]),
        (" \n\t", []),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_words_are_neither_links_nor_mentions() -> None:
    text = "See https://x.example/tea @ada #menu me@x.example for Ada\u2019s tea"
    assert words(text) == ["See", "for", "Ada\u2019s", "tea"]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Tea and asparagus, asparagus and menu", ["#Asparagus", "#Menu"]),
        ("Gr\u00fc\u00dfe aus M\u00fcnchen", ["#Gr\u00fc\u00dfe", "#M\u00fcnchen"]),
        ("this that with 2027", []),
        ("it's Ada's bakery", ["#Bakery"]),
    ],
)
def test_hashtags(text: str, tags: list[str]) -> None:
    assert hashtags(text, 5) == tags


@given(TEXTS, st.integers(0, 60))
def test_what_is_shortened_fits_and_is_made_of_whole_graphemes(text: str, limit: int) -> None:
    def fits(candidate: str) -> bool:
        return len(graphemes(candidate)) <= limit

    short = shortened(text, fits)
    assert fits(short)
    if short not in {text, ""}:
        kept = graphemes(short.removesuffix("\u2026"))
        assert kept == graphemes(text)[: len(kept)]


@pytest.mark.parametrize("limit", range(1, 12))
def test_a_family_is_never_torn_apart(limit: int) -> None:
    short = shortened(FAMILY * 30, lambda text: len(graphemes(text)) <= limit)
    assert short.replace(FAMILY, "") in {"", "\u2026"}


@given(TEXTS, st.sampled_from(["", "cheerful", "professional", "odd"]), st.integers(20, 300))
def test_whatever_is_written_without_a_model_may_be_kept(text: str, tone: str, limit: int) -> None:
    place = Place.at(Anywhere(), limit)
    brief = Brief(prompt=text, places=[place], count=5, tone=tone, include_emojis=True)
    contents = [draft.content for draft in OfflineWriter().write(brief).drafts]
    assert len(set(contents)) == len(contents) <= 5
    assert all(place.takes(each) for each in contents)
    assert OfflineWriter().write(brief) == OfflineWriter().write(brief)


@pytest.mark.parametrize(
    "text", ["a" * 5000, " " * 2500 + "a" * 2500, "a. " * 1666, "!" * 5000, "\n" * 5000, "@" * 5000]
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.process_time()
    for goal in Goal:
        improved(text or "x", goal)
    hashtags(text, 5)
    OfflineWriter().write(Brief(prompt=text, places=[Place.at(Anywhere(), 300)], count=5))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("text", "is_bad"),
    [("a\nb\tc\r", False), ("\u202eabc", False), ("a\x00", True), ("\x7f", True), ("\ud800", True)],
)
def test_controls(text: str, *, is_bad: bool) -> None:
    assert has_controls(text) is is_bad
    assert may_be_kept(text) is not is_bad
