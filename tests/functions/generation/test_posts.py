"""Whole posts through the front door, written without a model."""

from typing import Any

import pytest

from tests.accounts import Account
from tests.api import Api, ApiAnswer

CONTEXT = {
    "topic": "The spring menu is here",
    "tone": "cheerful",
    "key_points": ["Asparagus with potatoes", "Until the end of June"],
    "target_audience": "Regulars",
}


def try_to_generate(author: Account, **changes: Any) -> ApiAnswer:
    body = {"context": CONTEXT, "channels": ["mastodon", "bluesky"], **changes}
    return author.api.post("/posts/generate", body)


def generated(author: Account, **changes: Any) -> Any:
    answer = try_to_generate(author, **changes)
    assert answer.status == 201, answer.content
    return answer.json["data"]


def _id(shown: Any) -> str:
    identifier: str = shown["id"]
    return identifier


def test_a_post_has_variants_for_its_networks(ada: Account) -> None:
    made = generated(ada)
    assert made["title"] == "The spring menu is here"
    assert made["description"].splitlines() == [
        "The spring menu is here",
        "- Asparagus with potatoes",
        "- Until the end of June",
    ]
    assert [each["channel_id"] for each in made["variants"]] == ["mastodon", "bluesky"]
    for variant in made["variants"]:
        assert (variant["source"], variant["tone"]) == ("generated", "cheerful")
        assert "Asparagus with potatoes" in variant["content"]
    told = made["generation_metadata"]
    assert (told["ai_model"], told["is_fallback"], told["missing_channels"]) == (
        "offline",
        False,
        [],
    )
    assert (told["tokens_used"], told["cost"]) == (0, 0)
    assert told["generation_time_ms"] >= 0
    listed = ada.api.get(f"/posts/{made['id']}/variants").json["data"]
    assert sorted(listed, key=_id) == sorted(made["variants"], key=_id)
    post = ada.api.get(f"/posts/{made['id']}").json["data"]
    assert post == {name: value for name, value in made.items() if name in post}
    session = ada.api.get(f"/generation/sessions/{told['session_id']}").json["data"]
    assert (session["session"]["task"], session["session"]["post_id"]) == ("post", made["id"])
    assert all(each["accepted"] for each in session["suggestions"])


def test_options_are_kept_to(ada: Account) -> None:
    bare = generated(ada, options={"include_hashtags": False})["variants"][0]["content"]
    assert "#" not in bare
    rich = generated(ada, options={"include_emojis": True, "variants_per_channel": 3})
    assert len(rich["variants"]) == 6
    assert "\u2728" in rich["variants"][0]["content"] + rich["variants"][1]["content"]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"context": None}, {"INVALID_GENERATION_CONTEXT"}),
        ({"context": {}}, {"INVALID_GENERATION_CONTEXT"}),
        ({"context": {"topic": " "}}, {"INVALID_GENERATION_CONTEXT"}),
        ({"context": {"topic": "<b></b>"}}, {"INVALID_GENERATION_CONTEXT"}),
        ({"context": {"topic": "Tea", "key_points": [""]}}, {"INVALID_GENERATION_CONTEXT"}),
        ({"context": {"topic": "Tea", "key_points": ["x"] * 21}}, {"VALIDATION_ERROR"}),
        ({"context": {"topic": "x" * 501}}, {"VALIDATION_ERROR"}),
        ({"context": {"topic": "a\x07"}}, {"VALIDATION_ERROR"}),
        ({"context": "Tea"}, {"VALIDATION_ERROR"}),
        ({"channels": []}, {"CHANNEL_IDS_REQUIRED"}),
        ({"options": {"variants_per_channel": 9}}, {"VALIDATION_ERROR"}),
        ({"options": {"include_emojis": "yes"}}, {"VALIDATION_ERROR"}),
    ],
    ids=lambda each: repr(each)[:40],
)
def test_what_is_wrong_is_refused_and_nothing_kept(
    ada: Account, change: dict[str, Any], codes: set[str]
) -> None:
    answer = try_to_generate(ada, **change)
    assert (answer.status, set(answer.codes)) == (400, codes)
    assert ada.api.get("/posts").json["data"] == []
    assert ada.api.get("/generation/sessions").json["data"] == []


def test_it_takes_the_permission_to_generate_as_well(api: Api, ada: Account) -> None:
    body = {"name": "Writer", "scopes": ["posts:write", "posts:read"]}
    program = api.as_user(ada.api.post("/api-keys", body).json["data"]["key"])
    answer = program.post("/posts/generate", {"context": CONTEXT, "channels": ["mastodon"]})
    assert (answer.status, answer.codes) == (403, ["FORBIDDEN"])


def test_a_long_topic_is_a_title_that_ends_at_a_word(ada: Account) -> None:
    made = generated(ada, context={"topic": "menu " * 90})
    assert len(made["title"]) <= 200
    assert made["title"].endswith("menu\u2026")
