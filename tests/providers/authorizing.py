"""A person's way to a network's page and back, as a browser goes it."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from secrets import token_bytes
from urllib.error import HTTPError
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

from shared.channels.adapters.registry import load, slugs
from shared.channels.domain.authorization import (
    Application,
    Authorizable,
    Authorization,
    Registering,
)
from shared.channels.domain.provider import Account
from shared.channels.domain.renewal import Renewable
from tests.providers.account import Connected, called
from tests.simulator.client import Simulator

CALLBACK = "https://luxaris.example/api/v1/channels/oauth/callback"
AUTHORIZABLE = sorted(
    slug
    for slug in slugs()
    if isinstance(load(slug), Authorizable) and not isinstance(load(slug), Registering)
)
"""Networks with one server, where somebody has to make an application known by hand."""

LASTING = [slug for slug in AUTHORIZABLE if not isinstance(load(slug), Renewable)]
"""Those whose tokens do not expire."""
REFRESHED = [slug for slug in AUTHORIZABLE if "refresh_token" in load(slug).tokens]
"""Those that give a token which renews another, even one that has expired."""


def _random() -> str:
    return urlsafe_b64encode(token_bytes(32)).rstrip(b"=").decode()


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody about to connect an account, with an application that the network knows."""

    slug: str
    simulator: Simulator
    application: Application
    authorization: Authorization = field(
        default_factory=lambda: Authorization(
            redirect_uri=CALLBACK, state=_random(), code_verifier=_random()
        )
    )

    @classmethod
    def at(cls, slug: str, simulator: Simulator) -> "Person":
        made = simulator.application(slug, CALLBACK)
        return cls(slug=slug, simulator=simulator, application=Application(**made))

    @property
    def provider(self) -> Authorizable:
        provider = load(self.slug)
        assert isinstance(provider, Authorizable)
        return provider

    @property
    def asked(self) -> dict[str, str]:
        url = self.provider.authorization_url(self.application, self.authorization)
        return dict(parse_qsl(urlsplit(url).query))

    def visit(self, **doing: str) -> dict[str, list[str]]:
        """What comes back in the address."""
        url = self.provider.authorization_url(self.application, self.authorization)
        back = location(f"{url}&{urlencode(doing)}" if doing else url)
        assert back.startswith(f"{CALLBACK}?")
        said = parse_qs(urlsplit(back).query)
        assert said["state"] == [self.authorization.state]
        return said

    def code(self, **doing: str) -> str:
        (code,) = self.visit(**doing)["code"]
        return code

    def exchange(self, code: str) -> Sequence[Account]:
        return called(
            lambda http: self.provider.exchange(http, self.application, self.authorization, code)
        )

    def connected(self, account: Account) -> Connected:
        """With the application's own credentials, as those are handed to a provider."""
        application = {
            "client_id": self.application.client_id,
            "client_secret": self.application.client_secret,
        }
        return Connected(
            slug=self.slug,
            simulator=self.simulator,
            fields={},
            credentials={**account.credentials, **application},
        )


class _Staying(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def location(url: str) -> str:
    """Where a page sends a browser.

    Raises:
        HTTPError: nowhere.
    """
    try:
        build_opener(_Staying).open(url, timeout=5)
    except HTTPError as answer:
        with answer:
            if answer.code == 302:
                return str(answer.headers["Location"])
            raise
    raise AssertionError("the page sends nobody anywhere")
