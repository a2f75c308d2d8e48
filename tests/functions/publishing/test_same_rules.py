"""Validating, marking ready and scheduling judge alike, by the same codes."""

import pytest

from tests.author import Author
from tests.functions.publishing.series import change


@pytest.mark.parametrize(
    ("statement", "codes"),
    [
        ("UPDATE post_variants SET tone = NULL", []),
        ("UPDATE post_variants SET content = ' '", ["VARIANT_CONTENT_REQUIRED"]),
        ("UPDATE post_variants SET content = repeat('a', 501)", ["CONTENT_TOO_LONG"]),
        ("UPDATE post_variants SET media = '{\"images\": [1]}'", ["MEDIA_NOT_SUPPORTED"]),
        ("UPDATE post_variants SET settings = '{\"colour\": 1}'", ["INVALID_SETTING"]),
        (
            """
            UPDATE post_variants SET content = repeat('a', 501), media = '{"video": {}}',
                settings = '{"colour": 1}', thread = '[{"content": "", "delay_seconds": 0}]'
            """,
            [
                "VARIANT_CONTENT_REQUIRED",
                "CONTENT_TOO_LONG",
                "INVALID_SETTING",
                "MEDIA_NOT_SUPPORTED",
            ],
        ),
    ],
)
def test_what_cannot_be_sent_is_neither_ready_nor_scheduled(
    author: Author, statement: str, codes: list[str]
) -> None:
    _, variant = author.write()
    connection = author.connect()
    change(statement)
    for body in ({}, {"channel_connection_id": connection}):
        verdict = author.api.post(f"/variants/{variant}/validate", body).json["data"]
        assert [error["error_code"] for error in verdict["errors"]] == codes
    scheduled = author.try_to_schedule(variant, connection)
    if not codes:
        assert scheduled.status == 201
        return
    ready = author.api.post(f"/variants/{variant}/mark-ready")
    for answer in (scheduled, ready):
        assert (answer.status, answer.codes) == (400, codes)
    assert author.api.get(f"/variants/{variant}").json["data"]["status"] == "draft"
    assert {error["field"] for error in scheduled.json["errors"]} == {"post_variant_id"}


def test_marking_ready_needs_no_connection(author: Author) -> None:
    _, variant = author.write()
    answer = author.api.post(f"/variants/{variant}/mark-ready")
    assert answer.json["data"]["status"] == "ready"


def test_scheduling_says_where_in_the_variant_the_problem_is(author: Author) -> None:
    _, variant = author.write(thread=[("a", 0)])
    long = '[{"content": "' + "a" * 501 + '", "delay_seconds": 0}]'
    change(f"UPDATE post_variants SET thread = '{long}'")
    [error] = author.try_to_schedule(variant, author.connect()).json["errors"]
    assert (error["meta"]["at"], error["meta"]["part"]) == ("thread.0.content", 1)
