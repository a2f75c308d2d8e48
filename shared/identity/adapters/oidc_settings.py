"""The identity providers people may sign in with, by settings alone.

Any three variables ``OIDC_<NAME>_ISSUER``, ``_CLIENT_ID`` and ``_CLIENT_SECRET`` make one; in paths
and in the database it is called ``<name>`` in lower case. At the provider,
``<PUBLIC_API_URL>/api/v1/auth/oauth/<name>/callback`` must be registered as redirect URI.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from shared.infrastructure.environment import EnvironmentSettings
from shared.infrastructure.settings import InvalidSetting, Settings

_VARIABLE = re.compile(r"OIDC_([A-Z0-9]+(?:_[A-Z0-9]+)*?)_(ISSUER|CLIENT_ID|CLIENT_SECRET)")
_LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class OidcGoogleSettings(Settings):
    """The provider the template knows; not configured without a client's id and secret."""

    issuer: str = "https://accounts.google.com"
    client_id: str = ""
    client_secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if bool(self.client_id) != bool(self.client_secret):
            raise InvalidSetting("OIDC_GOOGLE_CLIENT_ID needs OIDC_GOOGLE_CLIENT_SECRET beside it")

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Judge any other name's variables with it, so that half a provider never starts."""
        google = super().read(environment)
        _clients(google, os.environ if environment is None else environment)
        return google

    @classmethod
    def covers(cls, variable: str) -> bool:
        """Any other name's variables are read here, too."""
        return _VARIABLE.fullmatch(variable) is not None


@dataclass(frozen=True, kw_only=True)
class OidcClient:
    """What we are to one provider; `timeout` in seconds, to connect and for each answer."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    https_only: bool
    timeout: float = 5.0


def clients(environment: Mapping[str, str] | None = None) -> dict[str, OidcClient]:
    """Every provider that is configured, by name.

    Raises:
        InvalidSetting: one of the three is missing, or an issuer is no URL, or not https in
            production.
    """
    source = os.environ if environment is None else environment
    return _clients(OidcGoogleSettings.read(source), source)


def _clients(google: OidcGoogleSettings, source: Mapping[str, str]) -> dict[str, OidcClient]:
    https_only = EnvironmentSettings.read(source).is_production
    told: dict[str, dict[str, str]] = {
        "GOOGLE": {
            "ISSUER": google.issuer,
            "CLIENT_ID": google.client_id,
            "CLIENT_SECRET": google.client_secret,
        }
    }
    for variable, value in source.items():
        if value and (found := _VARIABLE.fullmatch(variable)):
            told.setdefault(found[1], {})[found[2]] = value
    return {
        client.name: client
        for name, values in sorted(told.items())
        if (client := _client(name, values, https_only=https_only))
    }


def _client(name: str, values: Mapping[str, str], *, https_only: bool) -> OidcClient | None:
    if name == "GOOGLE" and not values.get("CLIENT_ID") and not values.get("CLIENT_SECRET"):
        return None
    for part in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET"):
        if not values.get(part):
            raise InvalidSetting(f"OIDC_{name}_{part} is not set")
    if len(name) > _LONGEST_NAME:
        raise InvalidSetting(f"The name in OIDC_{name}_ISSUER is longer than {_LONGEST_NAME}")
    issuer = urlsplit(values["ISSUER"])
    if issuer.scheme not in ({"https"} if https_only else {"https", "http"}) or not issuer.netloc:
        kinds = "an https URL" if https_only else "an http or https URL"
        raise InvalidSetting(f"OIDC_{name}_ISSUER must be {kinds}")
    return OidcClient(
        name=name.lower(),
        issuer=values["ISSUER"],
        client_id=values["CLIENT_ID"],
        client_secret=values["CLIENT_SECRET"],
        https_only=https_only,
    )
