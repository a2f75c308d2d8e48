"""An account and a status of Mastodon, and what its API shows of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.simulator.mastodon.html import rendered
from tests.simulator.rate_windows import RateWindow


@dataclass(kw_only=True)
class Account:
    id: str
    username: str
    token: str
    posts: RateWindow

    def shown(self, base: str) -> dict[str, Any]:
        return {
            "id": self.id,
            "username": self.username,
            "acct": self.username,
            "display_name": self.username.capitalize(),
            "url": f"{base}/@{self.username}",
            "avatar": f"{base}/avatars/original/missing.png",
        }


@dataclass(frozen=True, kw_only=True)
class Status:
    id: str
    account: Account
    text: str
    created_at: datetime
    visibility: str
    base: str
    parent: str | None = None
    spoiler_text: str = ""
    language: str | None = None
    sensitive: bool = False
    media: Sequence[dict[str, Any]] = ()

    @property
    def url(self) -> str:
        return f"{self.base}/@{self.account.username}/{self.id}"

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "created_at": _instant(self.created_at),
            "in_reply_to_id": self.parent,
            "sensitive": self.sensitive,
            "spoiler_text": self.spoiler_text,
            "visibility": self.visibility,
            "language": self.language,
            "uri": f"{self.base}/users/{self.account.username}/statuses/{self.id}",
            "url": self.url,
            "content": rendered(self.text),
            "reblog": None,
            "account": self.account.shown(self.base),
            "media_attachments": list(self.media),
        }


def _instant(instant: datetime) -> str:
    return f"{instant.strftime('%Y-%m-%dT%H:%M:%S')}.{instant.microsecond // 1000:03}Z"
