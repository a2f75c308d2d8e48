"""Applications and tokens of an imitated network, which outlive it with its accounts."""

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.world import World


@dataclass(frozen=True, kw_only=True)
class Application:
    secret: str
    redirect_uris: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Access:
    """An access token, and the refresh token that came with it."""

    token: str
    account_id: str
    client_id: str
    scopes: tuple[str, ...]
    given_at: float
    expires_at: float
    refresh_token: str | None


@dataclass(kw_only=True)
class Grants:
    """An access token lives so many seconds, unless it was given before `access_begins_at`."""

    network: str
    world: World
    lives: float
    access_begins_at: float = 0.0
    applications: dict[str, Application] = field(default_factory=dict)
    _access: dict[str, Access] = field(default_factory=dict)
    _refresh: dict[str, Access] = field(default_factory=dict)

    def remembering(self) -> dict[str, Callable[..., None]]:
        """What to do with what was kept, by its kind."""
        return {"application": self._register, "tokens": self._remember, "ended": self._end}

    def register(self, redirect_uris: Sequence[str] = ()) -> tuple[str, str]:
        """Id and secret of a new application."""
        said: dict[str, Any] = {
            "client_id": secrets.token_urlsafe(16),
            "secret": f"{secrets.token_urlsafe(24)}+/=",
            "redirect_uris": list(redirect_uris),
        }
        self.world.memory.keep(self.network, "application", **said)
        self._register(**said)
        return said["client_id"], said["secret"]

    def give(
        self,
        account_id: str,
        client_id: str,
        scopes: Sequence[str],
        *,
        refreshes: bool,
        refresh_token: str | None = None,
    ) -> Access:
        """A new access token, with a new refresh token or the one it was asked for with."""
        now = time.time()
        new = refresh_token or (secrets.token_urlsafe(48) if refreshes else None)
        said: dict[str, Any] = {
            "token": secrets.token_urlsafe(48),
            "account_id": account_id,
            "client_id": client_id,
            "scopes": list(scopes),
            "given_at": now,
            "expires_at": now + self.lives,
            "refresh_token": new,
        }
        self.world.memory.keep(self.network, "tokens", **said)
        self._remember(**said)
        return self._access[said["token"]]

    def access(self, token: str) -> Access | None:
        access = self._access.get(token)
        if access is None or access.expires_at <= time.time():
            return None
        return access if access.given_at >= self.access_begins_at else None

    def refresh(self, token: str, client_id: str) -> Access | None:
        """What a refresh token was given for, to that application."""
        grant = self._refresh.get(token)
        return grant if grant and grant.client_id == client_id else None

    def use(self, refresh_token: str) -> None:
        """It is good for no other time; the access token that came with it lives on."""
        self.world.memory.keep(self.network, "ended", token=refresh_token)
        self._end(refresh_token)

    def revoke(self, token: str) -> None:
        """With a refresh token go the access tokens that came with it."""
        with_it = [one.token for one in self._access.values() if one.refresh_token == token]
        for ended in (token, *with_it):
            self.use(ended)

    def _register(self, client_id: str, secret: str, redirect_uris: list[str]) -> None:
        self.applications[client_id] = Application(
            secret=secret, redirect_uris=tuple(redirect_uris)
        )

    def _remember(self, scopes: list[str], **said: Any) -> None:
        access = Access(scopes=tuple(scopes), **said)
        self._access[access.token] = access
        if access.refresh_token:
            self._refresh[access.refresh_token] = access

    def _end(self, token: str) -> None:
        self._access.pop(token, None)
        self._refresh.pop(token, None)
