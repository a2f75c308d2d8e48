"""A server that says of itself and its accounts whatever a test wants: true, false or broken."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from tests.api import Api, ApiAnswer

TOKEN = "the-token-of-ada"


def account(number: str = "1", name: str = "ada", **changes: Any) -> dict[str, Any]:
    """What Mastodon says of an account (`CredentialAccount`)."""
    return {
        "id": number,
        "username": name,
        "display_name": name.title(),
        "url": f"https://social.example/@{name}",
        "avatar": f"https://social.example/{name}.png",
        **changes,
    }


@dataclass(kw_only=True)
class Instance:
    """A Mastodon server; with `instead`, a status and a body, it answers that to everything."""

    url: str = ""
    accounts: dict[str, dict[str, Any]] = field(default_factory=lambda: {TOKEN: account()})
    instead: tuple[int, bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    before_answering: Callable[[], object] | None = None
    calls: int = 0

    def answer(self, path: str, token: str) -> tuple[int, bytes]:
        self.calls += 1
        if self.before_answering is not None:
            self.before_answering()
        if self.instead is not None:
            return self.instead
        if path == "/api/v2/instance":
            rules = {"domain": "social.example", "configuration": {}}
            return 200, json.dumps(rules).encode()
        if path == "/api/v1/accounts/verify_credentials" and token in self.accounts:
            return 200, json.dumps(self.accounts[token]).encode()
        return 401, json.dumps({"error": "The access token is invalid"}).encode()

    def credentials(self, token: str = TOKEN) -> dict[str, str]:
        return {"instance": self.url, "access_token": token}

    @contextmanager
    def running(self) -> Iterator["Instance"]:
        instance = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                status, body = instance.answer(self.path, token)
                self.send_response(status)
                for name, value in instance.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.do_GET()

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *arguments: object) -> None:
                """A caller that has hung up is no news."""

        with Server(("127.0.0.1", 0), Handler) as server:
            self.url = f"http://127.0.0.1:{server.server_port}"
            Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
            try:
                yield self
            finally:
                server.shutdown()


def connect(api: Api, instance: Instance, token: str = TOKEN, **changes: Any) -> ApiAnswer:
    body = {"channel_id": "mastodon", "credentials": instance.credentials(token), **changes}
    return api.post("/channels/connect", body)
