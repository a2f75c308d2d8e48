"""Suggestions through the front door, written without a model."""

from typing import Any
from uuid import uuid4

import pytest

from shared.channels.api import catalogue
from shared.operations.api.flags import AI_GENERATION
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.functions.generation.conftest import Setting

PROMPT = "The spring menu is here. Asparagus with potatoes, until June."
FAMILY = "\U0001f469\u200d\U0001f467\u200d\U0001f466"


def try_to_generate(author: Account, **changes: Any) -> ApiAnswer:
    body = {"prompt": PROMPT, "channel_ids": ["mastodon"], **changes}
    return author.api.post("/generation/generate", body)


def generated(author: Account, **changes: Any) -> Any:
    answer = try_to_generate(author, **changes)
    assert answer.status == 201, answer.content
    return answer.json["data"]


def test_a_session_is_completed_and_kept_with_its_suggestions(ada: Account) -> None:
    made = generated(ada, tone="cheerful")
    session = made["session"]
    assert session == {
        "id": session["id"],
        "task": "suggestions",
        "post_id": None,
        "template_id": None,
        "prompt": PROMPT,
        "tone": "cheerful",
        "status": "completed",
        "failure": None,
        "ai_model": "offline",
        "is_fallback": False,
        "tokens_used": 0,
        "input_tokens": 0,
        "output_tokens": 0,
        "cost": 0.0,
        "duration_ms": session["duration_ms"],
        "created_by": str(ada.user_id),
        "created_at": session["created_at"],
        "updated_at": session["updated_at"],
    }
    assert [each["accepted"] for each in made["suggestions"]] == [False] * 3
    assert {each["generation_session_id"] for each in made["suggestions"]} == {session["id"]}
    scores = [each["score"] for each in made["suggestions"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)
    assert ada.api.get(f"/generation/sessions/{session['id']}").json == {"data": made}


def test_what_is_asked_twice_is_answered_alike_and_no_two_are_the_same(ada: Account) -> None:
    wish: dict[str, Any] = {"constraints": {"suggestions_per_channel": 5}}
    once, again = (
        [each["content"] for each in generated(ada, **wish)["suggestions"]] for _ in range(2)
    )
    assert once == again
    assert len(set(once)) == 5


def test_it_says_what_it_was_given_with_hashtags_of_its_words(ada: Account) -> None:
    best = generated(ada)["suggestions"][0]["content"]
    assert best.startswith("The spring menu is here. Asparagus with potatoes, until June.")
    assert "#Asparagus" in best


@pytest.mark.parametrize(
    ("prompt", "length"),
    [
        (FAMILY * 400, None),
        (FAMILY * 400, 20),
        ("word " * 700, 60),
        ("x" * 4000, 20),
        ("שלום עולם! " * 200, 40),
        ("https://example.org/" + "y" * 500 + " is a long link", 30),
        ("e\u0301" * 300, 25),
        ("\n" * 100 + "- one\n- two", None),
    ],
    ids=["emoji", "few emoji", "words", "a word", "right to left", "link", "accents", "lines"],
)
def test_every_text_fits_as_its_network_counts_and_no_grapheme_is_cut(
    ada: Account, prompt: str, length: int | None
) -> None:
    channels = ["mastodon", "bluesky"]
    made = generated(ada, prompt=prompt, channel_ids=channels, constraints={"max_length": length})
    assert {each["channel_id"] for each in made["suggestions"]} <= set(channels)
    for each in made["suggestions"]:
        channel = catalogue.channel(each["channel_id"])
        content = each["content"]
        assert content.strip()
        assert channel.count(content) <= min(channel.max_length, length or channel.max_length)
        if FAMILY in prompt:
            assert set(content.replace(FAMILY, "")) <= set(
                "\n\u2026 \u2728\U0001f4e3\U0001f4a1\U0001f449\U0001f389"
            )
        assert "\u0301\u2026" in content or "e\u2026" not in content


def test_tone_and_points_decide_the_form(ada: Account) -> None:
    cheerful, formal = (
        generated(ada, prompt="We open at nine", tone=tone)["suggestions"][0]["content"]
        for tone in ("cheerful", "professional")
    )
    assert "We open at nine!" in cheerful
    assert "We open at nine." in formal


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"prompt": None}, "PROMPT_REQUIRED"),
        ({"prompt": ""}, "PROMPT_REQUIRED"),
        ({"prompt": " \n\t"}, "PROMPT_REQUIRED"),
        ({"prompt": "a\0b"}, "VALIDATION_ERROR"),
        ({"prompt": "a\x07b"}, "VALIDATION_ERROR"),
        ({"prompt": "\ud83d"}, "VALIDATION_ERROR"),
        ({"prompt": "x" * 4001}, "VALIDATION_ERROR"),
        ({"prompt": 5}, "VALIDATION_ERROR"),
        ({"channel_ids": None}, "CHANNEL_IDS_REQUIRED"),
        ({"channel_ids": []}, "CHANNEL_IDS_REQUIRED"),
        ({"channel_ids": ["mastodon"] * 21}, "VALIDATION_ERROR"),
        ({"channel_ids": "mastodon"}, "VALIDATION_ERROR"),
        ({"tone": "x" * 51}, "VALIDATION_ERROR"),
        ({"template_id": "x"}, "VALIDATION_ERROR"),
        ({"template_values": {"a": "\0"}}, "VALIDATION_ERROR"),
        ({"template_values": {"a": {}}}, "VALIDATION_ERROR"),
        ({"constraints": {"suggestions_per_channel": 0}}, "VALIDATION_ERROR"),
        ({"constraints": {"suggestions_per_channel": 6}}, "VALIDATION_ERROR"),
        ({"constraints": {"suggestions_per_channel": "3"}}, "VALIDATION_ERROR"),
        ({"constraints": {"max_length": 0}}, "VALIDATION_ERROR"),
        ({"constraints": {"max_length": 1e40}}, "VALIDATION_ERROR"),
    ],
    ids=lambda each: repr(each)[:40],
)
def test_what_is_wrong_is_refused_and_nothing_kept(
    ada: Account, change: dict[str, Any], code: str
) -> None:
    answer = try_to_generate(ada, **change)
    assert (answer.status, set(answer.codes)) == (400, {code})
    assert answer.json["errors"][0]["field"].startswith(next(iter(change)))
    assert ada.api.get("/generation/sessions").json["meta"]["total"] == 0


def test_all_that_is_wrong_is_told_at_once(ada: Account) -> None:
    answer = ada.api.post("/generation/generate", {"tone": 1})
    assert sorted(answer.codes) == [
        "CHANNEL_IDS_REQUIRED",
        "PROMPT_REQUIRED",
        "VALIDATION_ERROR",
    ]


@pytest.mark.parametrize("channel", ["myspace", "", "../mastodon"])
def test_an_unknown_network_is_not_found(ada: Account, channel: str) -> None:
    answer = try_to_generate(ada, channel_ids=["mastodon", channel])
    assert (answer.status, answer.codes) == (404, ["CHANNEL_NOT_FOUND"])


def test_a_network_named_twice_is_written_for_once(ada: Account) -> None:
    made = generated(ada, channel_ids=["mastodon", "mastodon"])
    assert len(made["suggestions"]) == 3


def test_it_is_for_a_post_of_ones_own_organization(ada: Account, ben: Account) -> None:
    post = ada.api.post("/posts", {"description": "At four"}).json["data"]["id"]
    assert generated(ada, post_id=post)["session"]["post_id"] == post
    strange = try_to_generate(ben, post_id=post)
    assert (strange.status, strange.codes) == (403, ["POST_ACCESS_DENIED"])
    unknown = try_to_generate(ada, post_id=str(uuid4()))
    assert (unknown.status, unknown.codes) == (404, ["POST_NOT_FOUND"])


def test_an_unknown_template_is_not_found(ada: Account) -> None:
    answer = try_to_generate(ada, template_id=str(uuid4()))
    assert (answer.status, answer.codes) == (404, ["TEMPLATE_NOT_FOUND"])
    assert ada.api.get("/generation/sessions").json["meta"]["total"] == 0


def test_the_same_key_writes_once(ada: Account) -> None:
    body = {"prompt": PROMPT, "channel_ids": ["bluesky"]}
    first, again = (
        ada.api.post("/generation/generate", body, headers={"Idempotency-Key": "menu"})
        for _ in range(2)
    )
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert ada.api.get("/generation/sessions").json["meta"]["total"] == 1


def test_a_key_held_to_a_channel_writes_for_no_other(api: Api, ada: Account) -> None:
    body = {
        "name": "Bluesky",
        "scopes": ["generation:create", "posts:write"],
        "channels": ["bluesky"],
    }
    program = api.as_user(ada.api.post("/api-keys", body).json["data"]["key"])
    answer = program.post(
        "/generation/generate", {"prompt": PROMPT, "channel_ids": ["bluesky", "mastodon"]}
    )
    assert (answer.status, answer.codes) == (403, ["CHANNEL_ACCESS_DENIED"])
    made = generated(ada, channel_ids=["bluesky", "mastodon"])
    shown = program.get(f"/generation/sessions/{made['session']['id']}").json["data"]
    assert {each["channel_id"] for each in shown["suggestions"]} == {"bluesky"}
    other = next(each for each in made["suggestions"] if each["channel_id"] == "mastodon")
    refused = program.post(f"/generation/suggestions/{other['id']}/accept", {})
    assert (refused.status, refused.codes) == (403, ["SUGGESTION_ACCESS_DENIED"])


def test_a_person_is_let_so_often_in_a_minute(
    ada: Account, ben: Account, configured: Setting
) -> None:
    configured(user_per_minute=2)
    for _ in range(2):
        generated(ada)
    answer = try_to_generate(ada)
    assert (answer.status, answer.codes) == (429, ["GENERATION_RATE_LIMIT_EXCEEDED"])
    meta = answer.json["errors"][0]["meta"]
    assert (meta["limit"], meta["scope"]) == (2, "a person")
    assert meta["reset_at"].endswith("Z")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert ada.api.post("/generation/hashtags", {"text": "Tea"}).status == 429
    generated(ben)


def test_deleting_a_session_gives_nothing_back(ada: Account, configured: Setting) -> None:
    configured(organization_per_hour=1)
    session = generated(ada)["session"]["id"]
    assert ada.api.delete(f"/generation/sessions/{session}").status == 204
    answer = try_to_generate(ada)
    assert answer.status == 429
    assert answer.json["errors"][0]["meta"]["scope"] == "an organization"


def test_what_is_switched_off_is_refused(chief: Account, ada: Account) -> None:
    flag = f"/ops/feature-flags/{AI_GENERATION}"
    assert chief.api.patch(flag, {"is_enabled": False}).status == 200
    post = {"context": {"topic": "Tea"}, "channels": ["mastodon"]}
    for answer in (
        try_to_generate(ada),
        ada.api.post("/posts/generate", post),
        ada.api.post("/generation/ideas", {"topic": "Tea"}),
    ):
        assert (answer.status, answer.codes) == (403, ["FEATURE_DISABLED"])
        assert answer.json["errors"][0]["meta"] == {"feature": AI_GENERATION}
    assert ada.api.get("/generation/sessions").json["meta"]["total"] == 0


def _template(account: Account) -> str:
    body = {"name": "Tonight", "template_body": "Come for {{dish}}."}
    made: str = account.api.post("/templates", body).json["data"]["id"]
    return made


def test_a_template_is_what_is_written_along(ada: Account) -> None:
    template = _template(ada)
    made = generated(ada, template_id=template, template_values={"dish": "asparagus"})
    assert all("Come for asparagus." in each["content"] for each in made["suggestions"])
    assert made["session"]["template_id"] == template
    assert ada.api.get(f"/templates/{template}").json["data"]["usage_count"] == 1


def test_what_a_template_misses_is_told_by_our_name_of_it(ada: Account) -> None:
    answer = try_to_generate(ada, template_id=_template(ada))
    assert (answer.status, answer.codes) == (400, ["MISSING_PLACEHOLDER_VALUES"])
    assert answer.json["errors"][0]["field"] == "template_values"
    assert ada.api.get("/generation/sessions").json["meta"]["total"] == 0
