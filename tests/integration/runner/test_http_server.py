"""The HTTP server between a socket and a function."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from runner.containers import Pool
from runner.cors import cross_origin
from runner.front_door import FrontDoor
from runner.gateway import routes
from runner.http_server import reserve, serve
from runner.refused import Refused
from runner.template import PATH, Function, Template, Trigger
from tests.integration.runner.small_house import echo
from tests.unit.runner import invocations


@contextmanager
def served(
    handler: str,
    *,
    timeout: int = 29,
    cors: Mapping[str, Any] | None = None,
    proxies: str = "",
) -> Iterator[tuple[int, Callable[[], None]]]:
    trigger = Trigger(kind="HttpApi", properties={"Method": "ANY", "Path": "/api/v1/echo/{proxy+}"})
    function = Function(
        name="Function",
        handler=handler,
        timeout=timeout,
        environment={},
        triggers=(trigger,),
    )
    pool = Pool(function, size=2)
    with ExitStack() as stack:
        stack.callback(lambda: pool.close(until=time.monotonic() + 10))
        taken = stack.enter_context(reserve(0))
        app = cross_origin(FrontDoor(routes([function]), {"Function": pool}, {}), cors or {})
        server = stack.enter_context(serve(app, [taken], patience=10, proxies=proxies))
        yield taken.getsockname()[1], server.stop


@contextmanager
def answer(
    port: int, *headers: tuple[str, str], path: str = "/x", method: str = "GET"
) -> Iterator[HTTPResponse]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest(method, f"/api/v1/echo{path}")
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def echoed_headers(*headers: tuple[str, str]) -> dict[str, str]:
    with served(f"{echo.__name__}.handler") as (port, _), answer(port, *headers) as response:
        seen: dict[str, str] = json.loads(response.read())["headers"]
        return seen


def test_header_sent_twice_is_joined_by_a_comma() -> None:
    seen = echoed_headers(("X-A", "1"), ("x-a", "2"), ("Cookie", "a=1"), ("Cookie", "b=2"))
    assert seen["x-a"] == "1,2"
    assert seen["cookie"] == "a=1; b=2"


def test_caller_cannot_hide_where_it_calls_from() -> None:
    seen = echoed_headers(("X-Forwarded-For", "203.0.113.1"), ("X-Forwarded-Proto", "https"))
    assert seen["x-forwarded-for"] == "203.0.113.1,127.0.0.1"
    assert seen["x-forwarded-proto"] == "http"


def test_header_beyond_ascii_keeps_its_bytes() -> None:
    assert echoed_headers(("X-A", "grün"))["x-a"].encode("latin-1") in {
        "grün".encode("latin-1"),
        "grün".encode(),
    }


CORS = Template(PATH.read_text(), {"FRONTEND_URL": "https://app.example"}).cors
OURS, OTHERS = ("Origin", "https://app.example"), ("Origin", "https://evil.example")
ASKS = (
    ("Access-Control-Request-Method", "PATCH"),
    ("Access-Control-Request-Headers", "authorization,content-type,if-match"),
)


def test_the_front_end_may_call_with_cookies_and_read_our_headers() -> None:
    with served(f"{echo.__name__}.handler", cors=CORS) as (port, _):
        with answer(port, OURS, *ASKS, method="OPTIONS") as asked:
            assert asked.status == 200
            assert asked.headers["access-control-allow-origin"] == "https://app.example"
            assert "PATCH" in asked.headers["access-control-allow-methods"]
            assert "If-Match" in asked.headers["access-control-allow-headers"]
            assert asked.headers["access-control-allow-credentials"] == "true"
        with answer(port, OURS) as called:
            assert called.status == 200
            assert called.headers["access-control-allow-origin"] == "https://app.example"
            assert "ETag" in called.headers["access-control-expose-headers"]


def test_another_origin_may_not() -> None:
    with served(f"{echo.__name__}.handler", cors=CORS) as (port, _):
        with answer(port, OTHERS, *ASKS, method="OPTIONS") as asked:
            assert asked.status == 400
            assert "access-control-allow-origin" not in asked.headers
        with answer(port, OTHERS) as called:
            assert "access-control-allow-origin" not in called.headers


def test_each_cookie_is_set_on_its_own() -> None:
    with (
        served(f"{echo.__name__}.handler") as (port, _),
        answer(port, path="/cookies") as response,
    ):
        assert response.read() == b"\xff\x00"
        cookies = response.headers.get_all("set-cookie") or []
    assert [cookie.partition(";")[0] for cookie in cookies] == ["a=1", "b=2"]


@pytest.mark.parametrize(
    ("handler", "timeout", "status", "code"),
    [("raises", 29, 500, "INTERNAL_SERVER_ERROR"), ("naps", 0, 503, "SERVICE_UNAVAILABLE")],
)
def test_function_that_does_not_answer(handler: str, timeout: int, status: int, code: str) -> None:
    with (
        served(f"{invocations.__name__}.{handler}", timeout=timeout) as (port, _),
        answer(port) as response,
    ):
        assert response.status == status
        assert json.loads(response.read())["errors"][0]["error_code"] == code


def test_request_under_way_is_answered_when_the_server_stops() -> None:
    statuses: list[int] = []

    def call(port: int) -> None:
        with answer(port, path="/slow") as response:
            statuses.append(response.status)

    with served(f"{echo.__name__}.handler") as (port, stop):
        caller = threading.Thread(target=call, args=(port,))
        caller.start()
        time.sleep(0.2)
        stop()
        caller.join(10)
    assert statuses == [200]


def test_no_address_of_this_machine_is_refused() -> None:
    with pytest.raises(Refused, match=r"^192\.0\.2\.1 cannot be listened on: "):
        reserve(0, "192.0.2.1")


@pytest.mark.parametrize(
    ("proxies", "caller"),
    [("", "127.0.0.1"), ("10.0.0.0/8", "127.0.0.1"), ("10.0.0.0/8,127.0.0.1", "203.0.113.1")],
)
def test_only_a_proxy_that_is_named_says_who_calls(proxies: str, caller: str) -> None:
    with (
        served(f"{echo.__name__}.handler", proxies=proxies) as (port, _),
        answer(port, ("X-Forwarded-For", "203.0.113.1")) as response,
    ):
        assert json.loads(response.read())["client"] == caller
