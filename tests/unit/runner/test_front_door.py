"""What the runner's own pages tell browsers."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from runner.front_door import FrontDoor, Page
from shared.infrastructure.security_headers import HEADERS

POLICY = "content-security-policy"
PAGES = {"/page": Page(content_type="text/html", content=b"<p>here</p>")}


def asked(scheme: str) -> dict[str, str]:
    """The headers of the page's answer, over what was spoken with the browser."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "scheme": scheme, "method": "GET", "path": "/page", "headers": []}
    asyncio.run(FrontDoor([], {}, PAGES)({**scope, "raw_path": b"/page"}, receive, send))
    started, _ = sent
    assert started["status"] == 200
    return {name.decode().lower(): value.decode() for name, value in started["headers"]}


def test_browsers_ask_by_https_only_where_it_is_spoken() -> None:
    assert asked("https")[POLICY].endswith(";upgrade-insecure-requests")
    assert "upgrade-insecure-requests" not in asked("http")[POLICY]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_all_else_of_the_policies_holds_for_both(scheme: str) -> None:
    told = asked(scheme)
    policy = told[POLICY].removesuffix(";upgrade-insecure-requests")
    assert HEADERS["Content-Security-Policy"].startswith(policy)
    assert "frame-ancestors 'none'" in policy
    others = {name.lower(): value for name, value in HEADERS.items()} | {POLICY: told[POLICY]}
    assert others.items() <= told.items()
