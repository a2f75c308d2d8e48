"""Bodies that are none: 400 each, never our fault."""

from typing import Any

import pytest

from tests.api import Api

POSTS = ["/auth/register", "/auth/login", "/auth/refresh"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "content", [b"{", b"\xff\xfe", b"'x'", b'{"email": }', b"[" * 100_000], ids=repr
)
def test_malformed_json(api: Api, path: str, content: bytes) -> None:
    answer = api.request("POST", path, content=content)
    assert answer.status == 400
    assert len(answer.codes) == 1


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'"text"', b"7"], ids=repr)
def test_a_body_that_is_no_object(api: Api, path: str, content: bytes) -> None:
    answer = api.request("POST", path, content=content)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/auth/register", ["email", "password", "name"]),
        ("/auth/login", ["email", "password"]),
        ("/auth/refresh", ["refresh_token"]),
    ],
)
@pytest.mark.parametrize("value", [..., None, 7, True, [], {}, ["x"]], ids=repr)
def test_missing_and_wrongly_typed_fields_are_all_named(
    api: Api, path: str, fields: list[str], value: Any
) -> None:
    body = {} if value is ... else dict.fromkeys(fields, value)
    answer = api.post(path, body)
    assert answer.status == 400
    assert [(error["error_code"], error["field"]) for error in answer.json["errors"]] == [
        ("VALIDATION_ERROR", field) for field in fields
    ]


@pytest.mark.parametrize("path", ["/auth/nothing", "/auth/me/more"])
def test_unknown_routes(api: Api, path: str) -> None:
    answer = api.get(path)
    assert (answer.status, answer.codes) == (404, ["ROUTE_NOT_FOUND"])


def test_wrong_method(api: Api) -> None:
    assert api.get("/auth/login").status == 405
