"""What an author sets, judged by the networks' schemas: each problem with its path."""

from typing import Any
from unittest.mock import Mock

import pytest

from shared.channels.adapters.author_settings import problems_of
from shared.channels.api import catalogue

CASES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("mastodon", {}, []),
    ("mastodon", {"visibility": "private", "language": "pt-BR", "sensitive": True}, []),
    ("mastodon", {"spoiler_text": "Cake"}, []),
    ("mastodon", {"visibility": "direct"}, ["visibility"]),
    ("mastodon", {"visibility": None}, ["visibility"]),
    ("mastodon", {"visibility": ["public"]}, ["visibility"]),
    ("mastodon", {"spoiler_text": " \n"}, ["spoiler_text"]),
    ("mastodon", {"spoiler_text": "x" * 501}, ["spoiler_text"]),
    ("mastodon", {"language": "german"}, ["language"]),
    ("mastodon", {"language": "de\n"}, ["language"]),
    ("mastodon", {"language": "DE"}, ["language"]),
    ("mastodon", {"sensitive": "yes"}, ["sensitive"]),
    ("mastodon", {"sensitive": 1}, ["sensitive"]),
    ("mastodon", {"colour": "red", "a.b": 1}, ["a.b", "colour"]),
    ("mastodon", {"x" * 300: 1}, ["x" * 100]),
    (
        "mastodon",
        {"visibility": "x", "language": 5, "sensitive": [], "colour": {}},
        ["colour", "language", "sensitive", "visibility"],
    ),
    ("bluesky", {"languages": ["de", "pt-BR", "zh-Hant"], "labels": ["nudity"]}, []),
    ("bluesky", {"languages": []}, []),
    ("bluesky", {"languages": ["de", "en", "fr", "it"]}, ["languages"]),
    ("bluesky", {"languages": ["de", "de"]}, ["languages"]),
    ("bluesky", {"labels": ["nudity", "porn", "nudity"]}, ["labels"]),
    ("bluesky", {"labels": [1, True, "a", {}]}, [f"labels.{place}" for place in range(4)]),
    (
        "bluesky",
        {"labels": [{"a": 1, "b": 2}, {"b": 2, "a": 1}]},
        ["labels", "labels.0", "labels.1"],
    ),
    ("bluesky", {"languages": ["de", "?", 7]}, ["languages.1", "languages.2"]),
    ("bluesky", {"languages": "de"}, ["languages"]),
    ("bluesky", {"labels": ["!hide"]}, ["labels.0"]),
    ("bluesky", {"labels": {"values": []}}, ["labels"]),
    ("bluesky", {"visibility": "public"}, ["visibility"]),
]


@pytest.mark.parametrize(("slug", "settings", "paths"), CASES)
def test_each_problem_has_its_path(slug: str, settings: dict[str, Any], paths: list[str]) -> None:
    assert [problem.path for problem in problems_of(slug, settings)] == paths


@pytest.mark.parametrize("name", ["languages", "labels"])
def test_what_is_too_much_is_not_looked_at_one_by_one(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values without an order would be compared each with each, seconds for a few kilobytes."""
    compared = Mock(side_effect=AssertionError("compared"))
    monkeypatch.setattr("jsonschema._utils.equal", compared)
    monkeypatch.setattr("jsonschema._keywords.equal", compared)
    [problem] = problems_of("bluesky", {name: [*range(3_000), "a"]})
    assert (problem.path, problem.words[:16]) == (name, "There must be at")


def test_the_words_say_what_is_taken_and_quote_nothing() -> None:
    secret = "x" * 400
    settings = {"visibility": secret, "sensitive": secret, "language": secret, "colour": secret}
    words = {each.path: each.words for each in problems_of("mastodon", settings)}
    assert words == {
        "visibility": 'This must be one of ["public", "unlisted", "private"]',
        "sensitive": 'This must be of the type "boolean"',
        "language": 'This must be written so: "^[a-z]{2,3}(-[A-Z]{2})?$"',
        "colour": "This network has nothing of that name",
    }


@pytest.mark.parametrize(
    ("slug", "settings", "expected"),
    [
        ("mastodon", {}, 4),
        ("mastodon", {"visibility": "public"}, 4),
        ("mastodon", {"spoiler_text": " 👨‍👩‍👧 cake "}, 4 + 6),
        ("mastodon", {"spoiler_text": 5}, 4),
        ("bluesky", {"languages": ["de"]}, 4),
    ],
)
def test_a_content_warning_counts(slug: str, settings: dict[str, Any], expected: int) -> None:
    assert catalogue.channel(slug).measure("four", settings) == expected
