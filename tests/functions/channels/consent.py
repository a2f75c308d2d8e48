"""Somebody who connects an account by consent at a network, as far as we see it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from shared.channels.adapters import providers, registry
from tests.api import Api, ApiAnswer

CALLBACK = "http://localhost:8000/api/v1/channels/oauth/{}/callback"
PAGE = "http://localhost:3000/channels/callback"
_PLACE = str(Path(__file__).parent / "providers")
CLIENT_ID, CLIENT_SECRET = "client-id-of-luxaris", "planted-client-secret"


@contextmanager
def admitted(patch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Know the guild besides the product's own networks; gives what it says and was told."""
    patch.setattr(providers, "__path__", [*providers.__path__, _PLACE])
    _forget()
    guild: Any = registry.load("guild")
    told = guild.told
    told.__init__()
    yield told
    patch.undo()
    _forget()


def _forget() -> None:
    registry.slugs.cache_clear()
    registry.load.cache_clear()


def configure(api: Api, channel: str = "guild", **more: Any) -> ApiAnswer:
    scope = more.pop("scope", "organization")
    body = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **more}
    return api.request(
        "PUT", f"/channels/{channel}/oauth-credentials", json=body, query={"scope": scope}
    )


@dataclass
class Browser:
    """Keeps our cookies."""

    api: Api
    cookies: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, **arguments: Any) -> ApiAnswer:
        headers = {"cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        answer = self.api.request(
            method, path, headers=headers if self.cookies else {}, **arguments
        )
        for line in answer.set_cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def set_out(self, channel: str = "guild", **more: Any) -> dict[str, Any]:
        """Ask where to go; answers that."""
        answer = self.request("POST", "/channels/connect", json={"channel_id": channel, **more})
        assert answer.status == 200, answer.content
        departure: dict[str, Any] = answer.json
        return departure

    def come_back(self, said: Mapping[str, str], channel: str = "guild") -> dict[str, str]:
        """By the network's redirect; answers what the front end is told in the fragment."""
        answer = Browser(_nobody(self.api), self.cookies).request(
            "GET", f"/channels/oauth/{channel}/callback", query=said
        )
        assert answer.status == 302, answer.content
        page, _, fragment = answer.headers["location"].partition("#")
        assert page == PAGE
        return dict(parse_qsl(fragment))

    def complete(self, **said: Any) -> ApiAnswer:
        return self.request("POST", "/channels/connect/complete", json=said)

    def connect(self, channel: str = "guild") -> str:
        """All the way; answers the connection's id."""
        answer = self.complete(code="good", state=self.set_out(channel)["state"])
        assert answer.status == 201, answer.content
        connection_id: str = answer.json["connections"][0]["id"]
        return connection_id

    def connections(self, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("/channels/connections", **query).json["data"]
        return found


def _nobody(api: Api) -> Api:
    """A network's redirect brings no token of ours."""
    return Api(api._routes)


def asked_of(url: str) -> dict[str, str]:
    """What the address of a consent page asks for."""
    return dict(parse_qsl(urlsplit(url).query))
