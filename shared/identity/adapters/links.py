"""Addresses of the front end's pages that a mail or a redirect leads to."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from shared.infrastructure.settings import InvalidSetting, Settings


@dataclass(frozen=True, kw_only=True)
class FrontendSettings(Settings):
    """`url` is where people use Luxaris in a browser, without a slash at its end."""

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise InvalidSetting("FRONTEND_URL must be an http or https URL")

    @property
    def origin(self) -> str:
        """As browsers write it in `Origin` (RFC 6454, section 6.2)."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True)
class FrontendLinks:
    """Secrets travel in the fragment, which no server sees and no log keeps."""

    _settings: FrontendSettings

    def verify_email(self, token: str) -> str:
        return self._page("auth/verify-email", token=token)

    def reset_password(self, token: str) -> str:
        return self._page("auth/reset-password", token=token)

    def accept_invitation(self, token: str) -> str:
        return self._page("invitations/accept", token=token)

    def external_callback(self, provider: str, **said: str) -> str:
        return self._page(f"auth/{quote(provider)}/callback", **said)

    def channels_callback(self, **said: str) -> str:
        return self._page("channels/callback", **said)

    def channels_page(self) -> str:
        """The same with nothing said."""
        return self.channels_callback().removesuffix("#")

    def _page(self, path: str, **said: str) -> str:
        return f"{self._settings.url.rstrip('/')}/{path}#{urlencode(said)}"


def links() -> FrontendLinks:
    return FrontendLinks(FrontendSettings.read())
