"""A browser that is sent to an identity provider and back, as far as we see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from tests.api import Api, ApiAnswer

API = "http://localhost:8000/api/v1"
FRONT_END = "http://localhost:3000"


@dataclass
class Browser:
    """Keeps our cookies; `source_ip` is where it is."""

    api: Api
    cookies: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, **arguments: Any) -> ApiAnswer:
        headers = dict(arguments.pop("headers", {}))
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        answer = self.api.request(method, path, headers=headers, **arguments)
        for line in answer.set_cookies:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def post(self, path: str, json: Any = None, **arguments: Any) -> ApiAnswer:
        return self.request("POST", path, json=json, **arguments)

    def set_out(self, path: str = "/auth/oauth/acme/authorize") -> str:
        """Ask to be sent to the provider; answers where to."""
        answer = self.request("GET", path)
        assert answer.status == 302, answer.content
        return answer.headers["location"]

    def visit(self, authorization_url: str) -> dict[str, str]:
        """Agree at the provider; answers what is in the address it sends the browser back to."""
        answer = requests.get(authorization_url, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        returned = urlsplit(answer.headers["location"])
        assert returned.scheme == "http"
        return dict(parse_qsl(returned.query))

    def come_back(
        self, said: Mapping[str, str], path: str = "/auth/oauth/acme/callback"
    ) -> dict[str, str]:
        """Answers what the front end is told in the fragment."""
        answer = self.request("GET", path, query=said)
        assert answer.status == 302, answer.content
        page, _, fragment = answer.headers["location"].partition("#")
        assert page.startswith(f"{FRONT_END}/auth/")
        assert page.endswith("/callback")
        return dict(parse_qsl(fragment))

    def travel(self) -> dict[str, str]:
        return self.come_back(self.visit(self.set_out()))

    def exchange(self, code: str, **more: Any) -> ApiAnswer:
        return self.post("/auth/oauth/exchange", {"code": code, **more})

    def sign_in(self) -> ApiAnswer:
        said = self.travel()
        assert said.keys() == {"code"}, said
        return self.exchange(said["code"])
