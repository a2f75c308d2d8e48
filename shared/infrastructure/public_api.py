"""Where browsers reach this API."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.infrastructure.settings import InvalidSetting, Settings


@dataclass(frozen=True, kw_only=True)
class PublicApiSettings(Settings):
    """`url` is where browsers reach this API, without a slash at its end.

    Identity providers and networks send people back there. It is never taken from a request, whose
    headers are anybody's.
    """

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"https", "http"} or not parts.hostname:
            raise InvalidSetting("PUBLIC_API_URL must be an http or https URL")

    def callback(self, path: str) -> str:
        return f"{self.url.rstrip('/')}{path}"
