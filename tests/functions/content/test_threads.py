"""Variants with follow-ups through the front door."""

from typing import Any

import pytest

from tests.accounts import Account
from tests.api import ApiAnswer
from tests.author import Author
from tests.simulator.client import Simulator

TWO = [
    {"content": "And cake at five", "delay_seconds": 60},
    {"content": "Bring a spoon", "delay_seconds": 0},
]


@pytest.fixture
def post_id(ada: Account) -> str:
    answer = ada.api.post("/posts", {"description": "At four"})
    return str(answer.json["data"]["id"])


def _try_to_write(author: Account, post_id: str, thread: Any, **body: Any) -> ApiAnswer:
    body = {"channel_id": "mastodon", "content": "Tea at four", "thread": thread, **body}
    return author.api.post(f"/posts/{post_id}/variants", body)


def _write(author: Account, post_id: str, thread: Any) -> str:
    answer = _try_to_write(author, post_id, thread)
    assert answer.status == 201, answer.content
    return str(answer.json["data"]["id"])


def _thread(author: Account, variant: str) -> Any:
    return author.api.get(f"/variants/{variant}").json["data"]["thread"]


def test_a_thread_is_kept_in_its_order(ada: Account, post_id: str) -> None:
    answer = _try_to_write(ada, post_id, TWO)
    assert answer.json["data"]["thread"] == TWO
    assert _thread(ada, answer.json["data"]["id"]) == TWO
    (listed,) = ada.api.get(f"/posts/{post_id}/variants").json["data"]
    assert listed["thread"] == TWO


def test_null_and_nothing_write_no_thread(ada: Account, post_id: str) -> None:
    assert _thread(ada, _write(ada, post_id, None)) == []
    body = {"channel_id": "mastodon", "content": "Tea at four"}
    plain = ada.api.post(f"/posts/{post_id}/variants", body)
    assert (plain.status, plain.json["data"]["thread"]) == (201, [])


def test_a_follow_up_leaves_at_once_unless_it_says_otherwise(ada: Account, post_id: str) -> None:
    variant = _write(ada, post_id, [{"content": "At once"}])
    assert _thread(ada, variant) == [{"content": "At once", "delay_seconds": 0}]
    ada.api.patch(f"/variants/{variant}", {"thread": [{"content": "At once, again"}]})
    assert _thread(ada, variant) == [{"content": "At once, again", "delay_seconds": 0}]


def test_a_new_thread_replaces_the_old_one_and_null_clears(ada: Account, post_id: str) -> None:
    variant = _write(ada, post_id, TWO)
    path = f"/variants/{variant}"
    assert ada.api.patch(path, {"content": "Tea at three"}).json["data"]["thread"] == TWO
    assert ada.api.patch(path, {"thread": TWO[1:]}).json["data"]["thread"] == TWO[1:]
    assert ada.api.patch(path, {"thread": None}).json["data"]["thread"] == []


def test_as_many_follow_ups_as_there_may_be(ada: Account, post_id: str) -> None:
    longest = [{"content": "x" * 500, "delay_seconds": 86_400}] * 24
    assert _thread(ada, _write(ada, post_id, longest)) == longest


@pytest.mark.parametrize(
    ("thread", "problems"),
    [
        ([{"content": "x"}] * 25, {("thread", "THREAD_TOO_LONG")}),
        ([{"content": "x", "delay_seconds": -1}], {("thread.0.delay_seconds", "VALIDATION_ERROR")}),
        (
            [{"content": "x", "delay_seconds": 86_401}],
            {("thread.0.delay_seconds", "VALIDATION_ERROR")},
        ),
        (
            [{"content": "x", "delay_seconds": 10**30}],
            {("thread.0.delay_seconds", "VALIDATION_ERROR")},
        ),
        (
            [{"content": "x", "delay_seconds": True}],
            {("thread.0.delay_seconds", "VALIDATION_ERROR")},
        ),
        ([{"content": "a\0"}], {("thread.0.content", "VALIDATION_ERROR")}),
        ([{"content": "\ud83d"}], {("thread.0.content", "VALIDATION_ERROR")}),
        (["x"], {("thread.0", "VALIDATION_ERROR")}),
        ("x", {("thread", "VALIDATION_ERROR")}),
        ({"content": "x"}, {("thread", "VALIDATION_ERROR")}),
        (
            [{"content": "x"}, {"content": " "}, {"delay_seconds": "soon"}],
            {
                ("thread.1.content", "VARIANT_CONTENT_REQUIRED"),
                ("thread.2.content", "VARIANT_CONTENT_REQUIRED"),
                ("thread.2.delay_seconds", "VALIDATION_ERROR"),
            },
        ),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_all_that_is_wrong_is_told_at_once(
    ada: Account, post_id: str, thread: Any, problems: set[tuple[str, str]]
) -> None:
    variant = _write(ada, post_id, TWO)
    for answer in (
        _try_to_write(ada, post_id, thread),
        ada.api.patch(f"/variants/{variant}", {"thread": thread}),
    ):
        assert answer.status == 400
        told = {(error["field"], error["error_code"]) for error in answer.json["errors"]}
        assert told == problems
    assert _thread(ada, variant) == TWO


def test_every_part_that_is_too_long_is_told(ada: Account, post_id: str) -> None:
    variant = _write(ada, post_id, TWO)
    thread = [{"content": "fits"}, {"content": "x" * 501}, {"content": "x" * 502}]
    for answer in (
        _try_to_write(ada, post_id, thread, content="x" * 503),
        ada.api.patch(f"/variants/{variant}", {"thread": thread, "content": "x" * 503}),
    ):
        assert (answer.status, set(answer.codes)) == (400, {"CONTENT_TOO_LONG"})
        told = {error["field"]: error["meta"]["count"] for error in answer.json["errors"]}
        assert told == {"content": 503, "thread.1.content": 501, "thread.2.content": 502}
    assert _thread(ada, variant) == TWO


def test_of_a_scheduled_thread_only_the_words_change(ada: Account, simulator: Simulator) -> None:
    author = Author.of(ada)
    _, variant = author.write()
    path = f"/variants/{variant}"
    assert ada.api.patch(path, {"thread": TWO}).status == 200
    schedule = author.schedule(variant, author.connect())
    for thread in ([], TWO[:1], [*TWO, TWO[0]], [TWO[1], TWO[0]]):
        refused = ada.api.patch(path, {"thread": thread})
        assert (refused.status, refused.codes) == (409, ["VARIANT_HAS_ACTIVE_SCHEDULES"])
        assert refused.json["errors"][0]["meta"] == {"active_schedules": 3}
    reworded = [{**TWO[0], "content": "And cake at six"}, TWO[1]]
    assert ada.api.patch(path, {"thread": reworded}).json["data"]["thread"] == reworded
    assert ada.api.post(f"/schedules/{schedule}/cancel").status == 200
    assert ada.api.patch(path, {"thread": []}).json["data"]["thread"] == []
