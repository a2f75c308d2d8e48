"""Help with texts through the front door, without a model."""

from typing import Any

import pytest

from shared.channels.api import catalogue
from tests.accounts import Account


def suggested(author: Account, what: str, **body: Any) -> list[str]:
    answer = author.api.post(f"/generation/{what}", body)
    assert answer.status == 200, answer.content
    assert answer.json["data"]["generation_metadata"]["ai_model"] == "offline"
    suggestions: list[str] = answer.json["data"]["suggestions"]
    return suggestions


def test_captions_fit_their_network(ada: Account) -> None:
    text = "Asparagus with potatoes on a blue plate. " * 40
    captions = suggested(ada, "captions", text=text, channel_id="bluesky", count=3)
    bluesky = catalogue.channel("bluesky")
    assert len(set(captions)) == 3
    assert all(bluesky.count(each) <= 300 and "Asparagus" in each for each in captions)


def test_hashtags_are_words_of_the_text_the_frequent_first(ada: Account) -> None:
    text = "Potatoes and asparagus. Asparagus until June! See https://example.org/menu @cook"
    assert suggested(ada, "hashtags", text=text, count=3) == ["#Asparagus", "#Potatoes", "#June"]
    assert suggested(ada, "hashtags", text="!!! 12 34") == []


@pytest.mark.parametrize(
    ("goal", "text", "better"),
    [
        ("correct", "the tea is is here .  come now!!!", "The tea is here. Come now!"),
        ("correct", "see https://x.example/a..b,c  please", "See https://x.example/a..b,c please"),
        (
            "shorten",
            "It is really very good. It is here. It is at four.",
            "It is good. It is here.",
        ),
        ("clarify", "The tea is here. Come now.", "The tea is here.\nCome now."),
        ("engage", "The tea is here. Come now.", "The tea is here.\n\nCome now.\n\n#Come"),
        ("formalize", "Come now!! \U0001f389", "Come now."),
    ],
)
def test_a_text_is_improved(ada: Account, goal: str, text: str, better: str) -> None:
    assert suggested(ada, "improve", text=text, goal=goal) == [better]


def test_ideas_are_about_the_topic(ada: Account) -> None:
    ideas = suggested(ada, "ideas", topic="asparagus", count=4)
    assert len(ideas) == 4
    assert all("asparagus" in each.casefold() for each in ideas)


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("translate", {"text": "Tea", "language": "German"}),
        ("alt-text", {"filename": "asparagus.jpg"}),
    ],
)
def test_what_takes_a_model_says_so(ada: Account, what: str, body: dict[str, str]) -> None:
    answer = ada.api.post(f"/generation/{what}", body)
    assert (answer.status, answer.codes) == (409, ["AI_MODEL_REQUIRED"])
    (session,) = ada.api.get("/generation/sessions").json["data"]
    assert (session["status"], session["failure"]) == ("aborted", "AI_MODEL_REQUIRED")


@pytest.mark.parametrize(
    ("what", "body", "codes"),
    [
        ("captions", {}, ["TEXT_REQUIRED"]),
        ("captions", {"text": "Tea", "count": 9}, ["VALIDATION_ERROR"]),
        ("hashtags", {"text": " "}, ["TEXT_REQUIRED"]),
        ("hashtags", {"text": "x" * 5001}, ["VALIDATION_ERROR"]),
        ("improve", {"text": "Tea", "goal": "sell"}, ["VALIDATION_ERROR"]),
        ("improve", {"text": "a\0", "goal": "correct"}, ["VALIDATION_ERROR"]),
        ("translate", {"text": "Tea"}, ["LANGUAGE_REQUIRED"]),
        ("alt-text", {}, ["TEXT_REQUIRED"]),
        ("alt-text", {"description": ""}, ["TEXT_REQUIRED"]),
        ("ideas", {"topic": None}, ["INVALID_GENERATION_CONTEXT"]),
    ],
    ids=lambda each: repr(each)[:40],
)
def test_what_is_wrong_is_refused(
    ada: Account, what: str, body: dict[str, Any], codes: list[str]
) -> None:
    answer = ada.api.post(f"/generation/{what}", body)
    assert (answer.status, answer.codes) == (400, codes)


def test_an_unknown_network_is_not_found(ada: Account) -> None:
    answer = ada.api.post("/generation/captions", {"text": "Tea", "channel_id": "myspace"})
    assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])
