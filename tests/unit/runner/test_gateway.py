"""API Gateway, imitated: which route a request takes, and what a function sees of it."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from runner.containers import Pool
from runner.gateway import Route, RouteTable, match, request_event, response_of, routes
from runner.template import Function, Trigger

REAL = json.loads((Path(__file__).parents[2] / "events" / "http_api.json").read_text())


def function(*paths: str, method: str = "ANY") -> Function:
    return Function(
        name=" ".join(paths),
        handler="tests.integration.runner.small_house.echo.handler",
        timeout=29,
        environment={},
        triggers=tuple(
            Trigger(kind="HttpApi", properties={"Method": method, "Path": path}) for path in paths
        ),
    )


ECHO = routes([function("/api/v1/echo/{proxy+}")])[0]


def event(route: Route = ECHO, **changed: Any) -> dict[str, Any]:
    wish: dict[str, Any] = {
        "method": "POST",
        "path": "/api/v1/echo/x",
        "query": "",
        "headers": {"host": "testserver"},
        "body": b"",
        "source_ip": "192.0.2.1",
        "request_id": "id",
    }
    return request_event(route, **{**wish, **changed})


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(ECHO.function, size=1)
    yield pool
    pool.close(until=time.monotonic() + 10)


def echoed(pool: Pool, sent: dict[str, Any]) -> Any:
    status, _, body = response_of(pool.invoke(sent))
    assert status == 200
    return json.loads(body)


def test_event_has_the_shape_of_a_real_one() -> None:
    built = event(
        path="/api/v1/echo/my%20path",
        query=REAL["rawQueryString"],
        headers={**REAL["headers"], "cookie": "cookie1=1; cookie2=2"},
        body=REAL["body"].encode(),
    )
    ours, theirs = built.pop("requestContext"), dict(REAL)
    real_context = theirs.pop("requestContext")
    assert built == theirs
    assert ours["http"] == real_context["http"]
    assert ours.keys() == real_context.keys()
    assert ours["routeKey"] == real_context["routeKey"]


@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("/a", "/a"),
        ("/a/b", "/a/b"),
        ("/a/x", "/a/{id}"),
        ("/a/x/c", "/a/{id}/c"),
        ("/a/x/d", "/a/{proxy+}"),
        ("/a/x/c/d", "/a/{proxy+}"),
        ("/b", None),
        ("/a/", None),
    ],
)
def test_most_specific_route_is_taken(path: str, taken: str | None) -> None:
    candidates = routes(
        [function("/a/{proxy+}", "/a/{id}/c", "/a"), function("/a/{id}", "/a/b")],
    )
    found = match(candidates, "GET", path)
    assert (found.path if found else None) == taken
    assert RouteTable(candidates).match("GET", path) is found


def test_named_method_goes_before_any() -> None:
    candidates = routes([function("/a"), function("/a", method="GET")])
    found = match(candidates, "GET", "/a")
    assert found is not None
    assert found.method == "GET"
    table = RouteTable(candidates)
    assert table.match("GET", "/a") is found
    assert table.match("PATCH", "/a") is match(candidates, "PATCH", "/a") is not None


@settings(deadline=None)
@given(rest=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_path_survives(pool: Pool, rest: str) -> None:
    # API Gateway and Mangum decode in turn: an escape within an escape is lost, there as here.
    assume(unquote(rest) == rest)
    assert echoed(pool, event(path="/api/v1/echo/" + quote(rest, safe="")))["rest"] == rest


@settings(deadline=None)
@given(query=st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=4))
def test_query_survives(pool: Pool, query: list[tuple[str, str]]) -> None:
    encoded = urlencode(query, errors="ignore")
    assert echoed(pool, event(query=encoded))["query"] == encoded


@settings(deadline=None)
@given(
    headers=st.dictionaries(
        st.from_regex(r"x-[a-z0-9-]{1,20}", fullmatch=True),
        st.text(st.characters(min_codepoint=32, max_codepoint=126)),
        max_size=4,
    )
)
def test_headers_survive(pool: Pool, headers: dict[str, str]) -> None:
    seen = echoed(pool, event(headers={"host": "testserver", **headers}))["headers"]
    assert seen == {"host": "testserver", **headers}


@settings(deadline=None)
@given(body=st.binary(), content_type=st.sampled_from(["application/json", "image/png", ""]))
def test_body_survives_byte_for_byte(pool: Pool, body: bytes, content_type: str) -> None:
    sent = event(body=body, headers={"host": "testserver", "content-type": content_type})
    assert echoed(pool, sent)["body"].encode("latin-1") == body


def test_only_text_travels_as_text() -> None:
    json_headers = {"content-type": "application/json; charset=utf-8"}
    form_headers = {"content-type": "application/x-www-form-urlencoded"}
    assert event(body=b"{}", headers=json_headers)["isBase64Encoded"] is False
    assert event(body=b"a=b", headers=form_headers)["isBase64Encoded"] is True


def test_cookies_travel_apart_and_arrive_together(pool: Pool) -> None:
    sent = event(headers={"host": "testserver", "cookie": "a=1; b=2"})
    assert sent["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in sent["headers"]
    assert echoed(pool, sent)["headers"]["cookie"] == "a=1; b=2"


def test_answer_keeps_its_bytes_and_each_cookie(pool: Pool) -> None:
    _, headers, body = response_of(pool.invoke(event(path="/api/v1/echo/cookies")))
    assert body == b"\xff\x00"
    cookies = [value.partition(";")[0] for name, value in headers if name == "set-cookie"]
    assert cookies == ["a=1", "b=2"]
