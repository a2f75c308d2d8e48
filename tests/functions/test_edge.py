"""The edge of every function: headers for browsers, the size of bodies, words meant to do harm."""

from html.parser import HTMLParser
from typing import Any

import pytest

from runner.gateway import match, request_event, response_of, routes
from shared.infrastructure.http import LARGEST_BODY
from tests.accounts import Account
from tests.api import Api
from tests.architecture.tree import HTTP_FUNCTIONS
from tests.deployed_functions import functions

SAID = {
    "content-security-policy": "default-src 'self';script-src 'self';",
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-xss-protection": "0",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "x-dns-prefetch-control": "off",
    "x-download-options": "noopen",
    "x-permitted-cross-domain-policies": "none",
}


@pytest.mark.parametrize("name", [each.name for each in HTTP_FUNCTIONS])
def test_every_function_tells_browsers_what_to_do_without(api: Api, name: str) -> None:
    """Also where it refuses, here a path or a method that it does not know."""
    found = routes(functions())
    route = next(each for each in found if each.function.name == name)
    path = route.path.replace("{", "").replace("+}", "").replace("}", "")
    assert match(found, route.method, path) is not None
    event = request_event(
        route,
        method="TRACE",
        path=path,
        query="",
        headers={},
        body=b"",
        source_ip="127.0.0.1",
        request_id="local",
    )
    status, headers, _ = response_of(route.function.load()(event, None))
    told = dict(headers)
    assert 400 <= status < 500
    assert {each: told.get(each, "")[: len(SAID[each])] for each in SAID} == SAID


@pytest.mark.parametrize("path", ["/auth/login", "/posts", "/ops/flags"])
def test_a_body_too_large_to_be_meant_is_not_looked_at(api: Api, path: str) -> None:
    answer = api.request("POST", path, content=b"[" * (LARGEST_BODY + 1))
    assert (answer.status, answer.codes) == (413, ["PAYLOAD_TOO_LARGE"])
    assert answer.headers["x-request-id"] == answer.json["request_id"]


INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE posts; --",
    "1 UNION SELECT email, password_hash FROM users",
    "admin'--",
    "%' OR 1=1 --",
    "\\'; SELECT pg_sleep(5); --",
    "$$; SELECT 1; $$",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "../../../../etc/passwd",
    "\r\nSet-Cookie: stolen=1",
    "() { :; }; echo harm",
]


@pytest.mark.parametrize("words", INJECTIONS)
def test_words_that_would_be_commands_are_words(ada: Account, words: str) -> None:
    written = ada.api.post("/posts", {"title": words, "description": words})
    assert written.status == 201, written.content
    assert ada.api.get("/posts").json["pagination"]["total"] == 1
    for path, name in (
        ("/posts", "search"),
        ("/posts", "tags"),
        ("/posts", "sortBy"),
        ("/posts", "sortOrder"),
        ("/posts", "cursor"),
        ("/templates", "search"),
        ("/search", "q"),
        ("/schedules", "status"),
    ):
        answer = ada.api.get(path, **{name: words})
        assert answer.status in {200, 400}, (path, name, answer.content)
        assert "set-cookie" not in answer.headers
    for path in (f"/posts/{words}", f"/schedules/{words}", f"/connections/{words}"):
        try:
            answer = ada.api.get(path)
        except AssertionError:  # the gateway has no such route
            continue
        assert answer.status in {400, 404}, (path, answer.content)
    assert ada.api.get("/posts").json["pagination"]["total"] == 1


MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1) //",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>tea</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>tea</a>",
    "<iframe src='https://evil.example'></iframe>",
    "<p onclick=alert(1)>tea</p>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<<script>script>alert(1)<</script>/script>",
]


class _Harm(HTMLParser):
    """What a browser would do, were it shown this as HTML."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(shown)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "img", "svg", "iframe"}:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (value or "").startswith(("javascript:", "data:")):
                self.found.append(name)


@pytest.mark.parametrize("markup", MARKUP)
def test_no_markup_that_runs_comes_back(ada: Account, markup: str) -> None:
    body = {"title": f"Tea {markup}", "description": f"<p>Tea</p>{markup}"}
    written = ada.api.post("/posts", body)
    assert written.status == 201, written.content
    shown = ada.api.get(f"/posts/{written.json['data']['id']}")
    post: dict[str, Any] = shown.json.get("data", shown.json)
    for said in (post["title"], post["description"]):
        assert not _Harm(said).found, said
    assert "<p>Tea</p>" in post["description"]
    assert shown.headers["content-type"].startswith("application/json")


def test_what_is_no_markup_survives(ada: Account) -> None:
    words = "5 < 6 & 7 > 2, a < b and c > d"
    written = ada.api.post("/posts", {"title": words, "description": words}).json["data"]
    assert written["title"] == words
    assert "5" in written["description"]
    assert "7" in written["description"]


HEADERS = [
    {"x-request-id": "a\r\nset-cookie: stolen=1"},
    {"x-request-id": "x" * 5000},
    {"x-forwarded-for": "'; DROP TABLE users; --"},
    {"content-type": "application/json; charset=utf-7"},
    {"content-type": "\0"},
    {"authorization": "Bearer " + "A" * 100_000},
    {"authorization": "Basic cm9vdDpyb290"},
    {"authorization": "Bearer eyJhbGciOiJub25lIn0.e30."},
    {"x-api-key": "lux_' OR 1=1 --"},
    {"cookie": "__Host-luxaris-access=x; __Host-luxaris-access=y"},
    {"accept": "text/html"},
    {"host": "evil.example"},
    {"idempotency-key": "\u2028"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=lambda each: next(iter(each)))
def test_headers_of_nonsense_are_answered(api: Api, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/auth/me"), ("POST", "/posts"), ("GET", "/ops/flags")):
        answer = api.request(method, path, headers=headers)
        assert answer.status < 500, (path, answer.content)
        assert "set-cookie" not in answer.headers
        assert "\n" not in "".join(answer.headers.values())
