"""What both networks of the simulator share, and the page behind every link."""

import json
from dataclasses import dataclass, field
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests.simulator.faults import Faults
from tests.simulator.memory import Memory
from tests.simulator.receipts import Receipts


@dataclass(frozen=True, kw_only=True)
class World:
    faults: Faults = field(default_factory=Faults)
    receipts: Receipts = field(default_factory=Receipts)
    memory: Memory = field(default_factory=Memory)


class Refusal(Exception):
    """An answer that ends a call."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


async def refuse(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error.response


def origin(request: Request) -> str:
    """Scheme, host and port the caller used."""
    return f"{request.url.scheme}://{request.url.netloc}"


def bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


async def json_of(request: Request) -> dict[str, Any]:
    """The body, if it is a JSON object; else nothing is in it."""
    try:
        decoded = json.loads(await request.body())
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def page(author: str, text: str) -> HTMLResponse:
    return HTMLResponse(
        f"<!doctype html><meta charset=utf-8><title>{escape(author)}</title>"
        f"<p><b>{escape(author)}</b><p style='white-space:pre-wrap'>{escape(text)}</p>"
    )
