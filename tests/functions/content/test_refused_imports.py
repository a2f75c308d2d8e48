"""What cannot be imported: a file as a whole, and posts that are none."""

from typing import Any

import pytest

from tests.accounts import Account
from tests.functions.content.importing import Importer, events, table

NOWHERE = {"items": [{"media_id": "01900000-0000-7000-8000-000000000000"}]}
UNSAYABLE = {"items": [{**NOWHERE["items"][0], "alt_text": "a\0"}]}


def showing(changes: dict[str, Any]) -> dict[str, Any]:
    """A post with one variant that is right but for these."""
    variant = {"channel": "mastodon", "content": "x", **changes}
    return {"description": "x", "variants": [variant]}


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (7, (None, "VALIDATION_ERROR")),
        ({}, ("description", "DESCRIPTION_REQUIRED")),
        ({"description": 7}, ("description", "VALIDATION_ERROR")),
        ({"description": "x", "title": []}, ("title", "VALIDATION_ERROR")),
        ({"description": "x", "tags": "a"}, ("tags", "VALIDATION_ERROR")),
        ({"description": "x", "tags": [1]}, ("tags", "VALIDATION_ERROR")),
        ({"description": "x", "tags": ["a"] * 101}, ("tags", "VALIDATION_ERROR")),
        ({"description": "x", "metadata": []}, ("metadata", "VALIDATION_ERROR")),
        (
            {
                "description": "x",
                "variants": [
                    {"channel": "mastodon", "content": "x", "settings": {"visibility": "odd"}}
                ],
            },
            ("variants.0.settings.visibility", "INVALID_SETTING"),
        ),
        ({"description": "x", "metadata": {"a": float("nan")}}, ("metadata", "VALIDATION_ERROR")),
        ({"description": "x", "metadata": {"a\0": 1}}, ("metadata", "VALIDATION_ERROR")),
        ({"description": "a\0b"}, ("description", "VALIDATION_ERROR")),
        ({"description": "\ud800"}, ("description", "VALIDATION_ERROR")),
        ({"description": "x" * 50_001}, ("description", "VALIDATION_ERROR")),
        ({"description": "x", "colour\0\ud800": "red"}, (None, "UNKNOWN_FIELD")),
        ({"description": "x", "variants": {}}, ("variants", "VALIDATION_ERROR")),
        ({"description": "x", "variants": [7]}, ("variants.0", "VALIDATION_ERROR")),
        (showing({"media": {"images": [1]}}), ("variants.0.media", "VALIDATION_ERROR")),
        (showing({"media": NOWHERE}), ("variants.0.media", "MEDIA_NOT_FOUND")),
        (
            showing({"thread": [{"content": "y", "media": NOWHERE}]}),
            ("variants.0.thread.0.media.items.0.media_id", "MEDIA_NOT_FOUND"),
        ),
        (
            showing({"thread": [{"content": "y", "media": UNSAYABLE}]}),
            ("variants.0.thread.0.media.items.0", "VALIDATION_ERROR"),
        ),
        (
            {"description": "x", "variants": [{"channel": "mastodon", "content": " "}]},
            ("variants.0.content", "VARIANT_CONTENT_REQUIRED"),
        ),
        (
            {"description": "x", "variants": [{"channel": "a\0\ud800", "content": "x"}]},
            ("variants.0.channel", "CHANNEL_NOT_FOUND"),
        ),
        (
            {
                "description": "x",
                "variants": [{"channel": "mastodon", "content": "x", "thread": [{"text": "x"}]}],
            },
            ("variants.0.thread", "VALIDATION_ERROR"),
        ),
        (
            {
                "description": "x",
                "variants": [
                    {"channel": "mastodon", "content": "x", "thread": [{"content": "y" * 501}]}
                ],
            },
            ("variants.0.thread.0.content", "CONTENT_TOO_LONG"),
        ),
        (
            {"description": "x", "variants": [{"channel": "mastodon", "content": "x"}] * 101},
            (None, "TOO_MANY_VARIANTS"),
        ),
        (
            {
                "description": "x",
                "variants": [
                    {"channel": "mastodon", "content": "x", "metadata": {"a": "x" * 16_385}}
                ],
            },
            ("variants.0.metadata", "VALIDATION_ERROR"),
        ),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_post_that_is_none_is_told_by_its_place(
    importer: Importer, other: Any, told: tuple[str | None, str]
) -> None:
    job = importer.run([{"description": "Good"}, other])
    assert (job["status"], job["created"], job["failed"]) == ("done", 1, 1)
    assert told in [
        (column, code) for row, column, code in importer.problems(job["id"]) if row == 2
    ]
    assert importer.descriptions() == ["Good"]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("", ["MISSING_COLUMN"]),
        ("description\n", ["IMPORT_EMPTY"]),
        ("description\n\n , \n", ["IMPORT_EMPTY"]),
        ("title\nx\n", ["MISSING_COLUMN"]),
        ("description,colour,colour\n", ["UNKNOWN_COLUMN", "DUPLICATE_COLUMN"]),
        ("title,title,a\0b\nx\n", ["UNKNOWN_COLUMN", "DUPLICATE_COLUMN", "MISSING_COLUMN"]),
        ('description\nfine\n"never closed\n', ["MALFORMED_CSV"]),
        ('description\n"a "quote" in it"\n', ["MALFORMED_CSV"]),
        (f'description\n"{"x" * 140_000}\n', ["MALFORMED_CSV"]),
        ("description\nKäse\n".encode("latin-1"), ["IMPORT_ENCODING"]),
        ("description\nx\n".encode("utf-32"), ["IMPORT_ENCODING"]),
        (b"\xff\xfed\x00\x00", ["IMPORT_ENCODING"]),
        (b"description\n\xed\xa0\x80\n", ["IMPORT_ENCODING"]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    importer: Importer, body: str | bytes, codes: list[str]
) -> None:
    answer = importer.hand_over(body)
    assert (answer.status, answer.codes) == (400, codes)
    assert importer.api.get("/posts/imports").json["data"] == []
    assert events() == []


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        (b"", ["MALFORMED_JSON"]),
        (b"[{", ["MALFORMED_JSON"]),
        (b"[" * 100_000, ["MALFORMED_JSON"]),
        (b"[" + b"9" * 5_000 + b"]", ["MALFORMED_JSON"]),
        (b"7", ["VALIDATION_ERROR"]),
        (b'{"posts": {}}', ["VALIDATION_ERROR"]),
        (b"[]", ["IMPORT_EMPTY"]),
        (b'[{"description": "\xe4"}]', ["IMPORT_ENCODING"]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_json_that_is_no_list_of_posts_is_refused(
    ada: Account, body: bytes, codes: list[str]
) -> None:
    answer = ada.api.request("POST", "/posts/imports", content=body)
    assert (answer.status, answer.codes) == (400, codes)


@pytest.mark.parametrize("body", [table(100_000), "description\n" + "x" * 4_000_000])
def test_too_much_is_told_before_anything_is_kept(importer: Importer, body: str) -> None:
    answer = importer.hand_over(body)
    assert (answer.status, answer.codes) == (413, ["IMPORT_TOO_LARGE"])
    assert importer.api.get("/posts/imports").json["data"] == []


@pytest.mark.parametrize("said", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_only_the_two_formats_are_taken(ada: Account, said: str) -> None:
    sent = {"content-type": said}
    answer = ada.api.request("POST", "/posts/imports", content=b"description\nx", headers=sent)
    assert (answer.status, answer.codes) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


@pytest.mark.parametrize(
    ("charset", "status"), [("utf-8", 201), ("iso-8859-1", 400), ("klingon", 400)]
)
def test_a_charset_that_is_said_is_heeded(ada: Account, charset: str, status: int) -> None:
    sent = {"content-type": f"text/csv; charset={charset}"}
    answer = ada.api.request("POST", "/posts/imports", content=b"description\nx", headers=sent)
    assert answer.status == status
