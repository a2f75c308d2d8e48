"""What an issuer says of itself: endpoints and keys (OpenID Connect Discovery 1.0)."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.identity.adapters.oidc_http import faulty, get_json
from shared.identity.adapters.oidc_settings import OidcClient

T = TypeVar("T")

_KEPT_SECONDS = 3600.0
_ASKED_AGAIN_AFTER = 60.0
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class _Kept(Generic[T]):
    """What was asked for, kept for an hour; asked anew for good reason, at most once a minute."""

    def __init__(self, ask: Callable[[], T], clock: Callable[[], float]) -> None:
        self._ask = ask
        self._clock = clock
        self._answer: T | None = None
        self._asked_at = 0.0

    def get(self, *, older_than: float = _KEPT_SECONDS) -> T:
        now = self._clock()
        if self._answer is None or now - self._asked_at > older_than:
            self._answer = self._ask()
            self._asked_at = now
        return self._answer


class Discovery:
    """Each method raises as `IdentityProvider` says, `OAUTH_DISCOVERY_FAILED` among them."""

    def __init__(self, client: OidcClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._metadata = _Kept(self._fetch_metadata, clock)
        self._keys = _Kept(self._fetch_keys, clock)

    def metadata(self) -> dict[str, Any]:
        return self._metadata.get()

    def keys(self) -> KeySet:
        return self._keys.get()

    def newer_keys(self) -> KeySet:
        """For a token signed with one that is not among them: keys are changed now and then."""
        return self._keys.get(older_than=_ASKED_AGAIN_AFTER)

    def words(self, name: str, default: list[str]) -> list[str]:
        """A list of words in the metadata."""
        found = self.metadata().get(name, default)
        return [str(each) for each in found] if isinstance(found, list) else default

    def userinfo_endpoint(self) -> str | None:
        found = self.metadata().get("userinfo_endpoint")
        return found if self._is_url(found) else None

    def _fetch_metadata(self) -> dict[str, Any]:
        """The issuer must call itself what we call it (section 4.3)."""
        metadata = self._told(get_well_known_url(self._client.issuer, external=True))
        if metadata.get("issuer") != self._client.issuer:
            raise faulty()
        if not all(self._is_url(metadata.get(name)) for name in _ENDPOINTS):
            raise faulty()
        return metadata

    def _fetch_keys(self) -> KeySet:
        told = self._told(self.metadata()["jwks_uri"])
        try:
            return KeySet.import_key_set({"keys": told["keys"]})
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise faulty() from error

    def _told(self, url: str) -> dict[str, Any]:
        return get_json(url, timeout=self._client.timeout)

    def _is_url(self, text: object) -> bool:
        """An absolute one, and where the issuer must be https, so must this."""
        try:
            parts = urlsplit(text if isinstance(text, str) else "")
        except ValueError:
            return False
        schemes = {"https"} if self._client.https_only else {"https", "http"}
        return parts.scheme in schemes and bool(parts.netloc)
