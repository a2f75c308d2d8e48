"""How tests speak to a running simulator."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen


@dataclass(frozen=True)
class Simulator:
    url: str

    def networks(self) -> list[str]:
        """The networks it imitates."""
        networks: list[str] = self._call("GET", "/networks")
        return networks

    def account(self, network: str, **settings: Any) -> dict[str, str]:
        """A new account: what a person would type to connect it."""
        wish = {"network": network, **settings}
        fields: dict[str, str] = self._call("POST", "/accounts", wish)["fields"]
        return fields

    def receipts(
        self, network: str | None = None, account: str | None = None
    ) -> list[dict[str, Any]]:
        """Every post accepted since `clear`, in order."""
        asked = {"network": network, "account": account}
        query = urlencode({name: value for name, value in asked.items() if value})
        receipts: list[dict[str, Any]] = self._call("GET", f"/receipts?{query}")
        return receipts

    def fail(self, network: str, kind: str, **settings: Any) -> None:
        """Let the next publishing calls fail; settings are those of `faults.Fault`."""
        self._call("POST", "/faults", {"network": network, "kind": kind, **settings})

    def expire_tokens(self) -> None:
        """Let every access token be too old."""
        self._call("POST", "/bluesky/expired_tokens", {})
        self._call("POST", "/oauth/expired_tokens", {})

    def application(self, network: str, *redirect_uris: str) -> dict[str, str]:
        """A new application of a network with OAuth 2.0: `client_id`, `client_secret`, `server`."""
        wish = {"network": network, "redirect_uris": redirect_uris}
        made: dict[str, str] = self._call("POST", "/oauth/applications", wish)
        return made

    def let_authority(self, network: str, **habits: bool) -> None:
        """Of its tokens from now on: whether it `renews` any, and `forgets_expiry`."""
        self._call("POST", "/oauth/habits", {"network": network, **habits})

    def sessions(self, account: str) -> dict[str, int]:
        """How many sessions of an account of Bluesky were made, and how many renewed."""
        counted: dict[str, int] = self._call(
            "GET", f"/bluesky/sessions?{urlencode({'account': account})}"
        )
        return counted

    def end_sessions(self, account: str) -> None:
        """Revoke the refresh tokens of an account of Bluesky; access tokens go on until expiry."""
        self._call("DELETE", f"/bluesky/sessions?{urlencode({'account': account})}")

    def new_password(self, account: str) -> str:
        """Revoke an account's app password, and its sessions; answers the one it has now."""
        query = urlencode({"account": account})
        password: str = self._call("POST", f"/bluesky/passwords?{query}", {})["app_password"]
        return password

    def let_tokens_live(self, **seconds: float) -> None:
        """`access` tokens of Bluesky from now on, and refresh tokens that were used, by `grace`."""
        self._call("POST", "/bluesky/lifetimes", seconds)

    def let_films(self, did: str, **limits: Any) -> None:
        """What Bluesky's video service says from now on is left of an account's day."""
        self._call("POST", "/bluesky/films/limits", {"did": did, **limits})

    def fail_films(self, code: str, *, times: int = 1) -> None:
        """Of so many that it is sent next, that video service makes nothing."""
        self._call("POST", "/bluesky/films/failures", {"code": code, "times": times})

    def forget_films(self) -> None:
        self._call("DELETE", "/bluesky/films")

    def faults_left(self) -> int:
        """How many no call has met yet."""
        left: int = self._call("GET", "/faults")
        return left

    def forgive(self) -> None:
        """Forget the faults that are left."""
        self._call("DELETE", "/faults")

    def clear(self) -> None:
        """Forget faults, receipts and odd habits; accounts and posts stay."""
        self.forgive()
        self.let_tokens_live()
        self.forget_films()
        self._call("DELETE", "/oauth/habits")
        self._call("DELETE", "/receipts")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.url}/_simulator{path}", content, method=method)
        with urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")
