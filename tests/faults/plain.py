"""Providers for tests alone, of the kinds that no network in the catalogue is of.

They are no part of the product: whoever calls `admit` has them beside the product's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from shared.channels.adapters import providers
from shared.channels.domain.media import NO_MEDIA, MediaRules
from shared.channels.domain.network_answers import error_of, malformed
from shared.channels.domain.provider import (
    Account,
    Answer,
    ErrorClass,
    Field,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Unanswered,
)

_PLACE = str(Path(__file__).parent / "providers")


def admit() -> None:
    """Let this process know the providers beside this module."""
    if _PLACE not in providers.__path__:
        providers.__path__.append(_PLACE)


@dataclass(frozen=True, kw_only=True)
class Plain:
    """Speaks to `tests.faults.plain_network`; an account is a name."""

    title: str
    recovery: Recovery
    max_length: int = 500
    counts: str = "characters"
    threads: bool = True
    quotas: tuple[Quota, ...] = ()
    connect_fields: tuple[Field, ...] = (
        Field(name="service", label="Service"),
        Field(name="account", label="Account"),
    )
    tokens: tuple[str, ...] = ()
    settings_schema: Mapping[str, Any] = field(
        default_factory=lambda: {
            "type": "object",
            "additionalProperties": False,
            "properties": {},
        }
    )

    def count(self, text: str) -> int:
        return len(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return NO_MEDIA

    def preview(self, publication: Publication) -> Preview:
        return Preview(method="POST", path="/posts", body={"text": publication.text})

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        account = fields["account"]
        return Account(
            external_id=account,
            username=account,
            display_name=account,
            url=f"{fields['service']}/{account}",
            avatar_url=None,
            credentials=dict(fields),
        )

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        parent = publication.reply_to.parent_id if publication.reply_to else None
        answer = await http.request(
            "POST",
            f"{credentials['service']}/posts",
            json={"account": credentials["account"], "text": publication.text, "parent": parent},
        )
        return _receipt(decoded(answer))

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        if self.recovery == "none":
            raise Unanswered(ErrorClass.UNKNOWN, "CANNOT_LOOK", "Nobody can look there")
        answer = await http.request(
            "GET", f"{credentials['service']}/posts", params={"account": credentials["account"]}
        )
        for post in decoded(answer):
            if post["text"] == publication.text and post["id"] not in publication.taken:
                return _receipt(post)
        return None


def decoded(answer: Answer) -> Any:
    if answer.status != HTTPStatus.OK:
        raise error_of(answer, f"HTTP {answer.status} at {datetime.now(UTC):%H:%M:%S}")
    try:
        return answer.json()
    except ValueError as error:
        raise malformed("No JSON") from error


def _receipt(post: Any) -> Receipt:
    return Receipt(external_id=post["id"], url=post["url"])
