"""The application's secrets go where it is known: not to the server that somebody has typed."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.accounts import Account
from tests.api import ApiAnswer
from tests.functions.channels.consent import CLIENT_ID, CLIENT_SECRET, configure
from tests.refresher import expire_credentials, tick

_BASIC = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
_MEMBERS = {
    "/2/users/me": {"data": {"id": "1", "username": "eve", "name": "Eve"}},
    "/v2/userinfo": {"sub": "1", "name": "Eve"},
}


@dataclass
class Hostile:
    """Poses as X and as LinkedIn; writes down whatever it is told."""

    url: str = ""
    refuses: bool = False
    heard: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator["Hostile"]:
        hostile = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                member = _MEMBERS.get(self.path.partition("?")[0])
                refused = hostile.refuses or member is None
                self._answer(401 if refused else 200, {} if refused else member)

            def do_POST(self) -> None:
                tokens = {"access_token": "c", "refresh_token": "d", "expires_in": 7200}
                self._answer(200, tokens)

            def _answer(self, status: int, said: Any) -> None:
                told = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
                hostile.heard.append(f"{self.path} {self.headers} {told}")
                body = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            try:
                yield self
            finally:
                server.shutdown()

    @property
    def has_the_secret(self) -> bool:
        return any(CLIENT_SECRET in told or _BASIC in told for told in self.heard)


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    with Hostile().running() as running:
        yield running


@pytest.fixture(params=["x", "linkedin"])
def channel(request: pytest.FixtureRequest, owner: Account) -> str:
    """A network at which everybody's application is kept."""
    slug: str = request.param
    assert configure(owner.api, slug, scope="platform").status == 200
    return slug


def type_in(person: Account, channel: str, server: str) -> ApiAnswer:
    fields = {"server": server, "access_token": "a", "refresh_token": "b"}
    return person.api.post("/channels/connect", {"channel_id": channel, "credentials": fields})


def test_a_server_that_refuses_a_token_is_not_handed_the_secret(
    stranger: Account, channel: str, hostile: Hostile
) -> None:
    hostile.refuses = True
    assert type_in(stranger, channel, hostile.url).status in {400, 503}
    assert hostile.heard
    assert not hostile.has_the_secret


def test_nor_is_one_that_takes_it_first(stranger: Account, channel: str, hostile: Hostile) -> None:
    answer = type_in(stranger, channel, hostile.url)
    assert answer.status == 201, answer.content
    path = f"/channels/connections/{answer.json['id']}"
    stranger.api.post(f"{path}/refresh")
    hostile.refuses = True
    stranger.api.post(f"{path}/test")
    expire_credentials()
    tick()
    assert stranger.api.delete(path).status == 200
    assert hostile.heard
    assert not hostile.has_the_secret


def test_it_is_lent_to_the_server_it_is_kept_for(
    owner: Account, stranger: Account, channel: str, hostile: Hostile
) -> None:
    """An imitation, say, and whoever keeps an application says where that is."""
    configure(owner.api, channel, scope="platform", server=hostile.url)
    known = type_in(stranger, channel, f"{hostile.url}/").json["id"]
    assert stranger.api.post(f"/channels/connections/{known}/refresh").status == 200
    assert hostile.has_the_secret


def test_in_production_there_is_but_one_server(
    stranger: Account, channel: str, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    answer = type_in(stranger, channel, hostile.url)
    assert (answer.status, answer.codes) == (400, ["VALIDATION_ERROR"])
    assert answer.json["errors"][0]["field"] == "credentials.server"
    assert not hostile.heard
