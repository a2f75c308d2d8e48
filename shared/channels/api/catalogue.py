"""The networks there are, to the rest of Luxaris: a title, a limit and a way of counting each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from shared.channels.adapters.author_settings import problems_of
from shared.channels.adapters.previewing import PreviewedPart, previewed
from shared.channels.adapters.registry import load, slugs
from shared.channels.adapters.schema_problems import SchemaProblem
from shared.channels.domain.authorization import Authorizable, Registering
from shared.channels.domain.media import MediaKind, MediaRules
from shared.channels.domain.media_fitness import (
    MediaProblem,
    Shown,
    cover_rules,
    goes_as,
    media_problems,
    narrowed,
)
from shared.channels.domain.provider import (
    CountsSettings,
    Field,
    Preview,
    Publication,
    Quota,
    ReplyTo,
    follow_up_length,
    media_rules_of,
)
from shared.channels.domain.text_bounds import BoundsText, TextProblem
from shared.kernel.errors import NotFound

__all__ = [
    "Channel",
    "MediaProblem",
    "MediaRules",
    "Preview",
    "SchemaProblem",
    "channel",
    "channels",
    "find",
]

_NO_KEY = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True, kw_only=True)
class Channel:
    """`id` is the slug; `max_length` is in the units `count` answers in, named by `counts`.

    `follow_up_length` is that of the parts after the first.
    `threads`: it takes posts that reply to each other. `oauth`: accounts are connected by consent
    at the network, besides by `connect_fields` if it has any. `has_servers`: there are many, and
    whoever connects says which. `settings_schema` is the JSON Schema of what
    an author may set of a post there. `bounding` judges what else of a text, besides its length,
    the network takes; nothing where it takes any.
    """

    id: str
    title: str
    max_length: int
    follow_up_length: int
    counts: str
    threads: bool
    quotas: tuple[Quota, ...]
    connect_fields: tuple[Field, ...]
    oauth: bool
    has_servers: bool
    settings_schema: Mapping[str, Any] = field(repr=False, compare=False)
    count: Callable[[str], int] = field(repr=False, compare=False)
    bounding: BoundsText | None = field(repr=False, compare=False)

    def measure(self, text: str, settings: Mapping[str, Any]) -> int:
        """The length of a post with its settings, as the network counts it."""
        provider = load(self.id)
        if settings and isinstance(provider, CountsSettings):
            return provider.count(text) + provider.count_settings(settings)
        return provider.count(text)

    def text_problems(
        self, text: str, settings: Mapping[str, Any], *, replies: bool
    ) -> Sequence[TextProblem]:
        """What the network does not take of a text, or of one that replies, but its length."""
        if self.bounding is None:
            return ()
        return self.bounding.text_problems(text, settings, replies=replies)

    def setting_problems(self, settings: Mapping[str, Any]) -> list[SchemaProblem]:
        """All that the network does not take of these settings."""
        return problems_of(self.id, settings)

    def media_rules(
        self, settings: Mapping[str, Any], *, replies: bool, limits: Mapping[str, int]
    ) -> MediaRules:
        """What a post, or one that replies, may show; `limits` are an account's own."""
        rules = media_rules_of(load(self.id), settings, replies=replies)
        return narrowed(rules, limits) if limits else rules

    def cover_rules(self, rules: MediaRules) -> MediaRules:
        """What the picture before a film must be."""
        return cover_rules(rules)

    def goes_as(self, kind: str, rules: MediaRules) -> str:
        """What a file of a kind is published as."""
        return goes_as(MediaKind(kind), rules)

    def media_problems(
        self,
        shown: Sequence[Shown],
        settings: Mapping[str, Any],
        *,
        replies: bool,
        limits: Mapping[str, int],
    ) -> list[MediaProblem]:
        """All that the network does not take of what is to be shown."""
        rules = self.media_rules(settings, replies=replies, limits=limits)
        return media_problems(rules, shown)

    def previews(
        self, parts: Sequence[PreviewedPart], settings: Mapping[str, Any], *, at: datetime
    ) -> list[Preview]:
        """The requests that would publish a post and the parts of its thread at a moment.

        What the network must give first is named in angle brackets, such as ``<part 1>``.
        """
        return [
            load(self.id).preview(
                Publication(
                    text=part.text,
                    key=_NO_KEY,
                    first_tried_at=at,
                    reply_to=_reply_to(place),
                    settings=settings,
                    attachments=tuple(
                        previewed(one, number) for number, one in enumerate(part.shown, start=1)
                    ),
                )
            )
            for place, part in enumerate(parts)
        ]


def channels() -> list[Channel]:
    """Every network, by title."""
    return sorted((channel(slug) for slug in slugs()), key=lambda one: one.title)


def find(slug: str) -> Channel | None:
    """One network, if there still is one of that name."""
    return channel(slug) if slug in slugs() else None


def channel(slug: str) -> Channel:
    """One network.

    Raises:
        NotFound: `CHANNEL_NOT_FOUND`.
    """
    if slug not in slugs():
        raise NotFound("CHANNEL_NOT_FOUND", "There is no such channel", field="channel_id")
    return _described(slug)


@cache
def _described(slug: str) -> Channel:
    """Once a container: a provider stays what it is, and to look takes longer than one thinks."""
    provider = load(slug)
    return Channel(
        id=slug,
        title=provider.title,
        max_length=provider.max_length,
        follow_up_length=follow_up_length(provider),
        counts=provider.counts,
        threads=provider.threads,
        quotas=provider.quotas,
        connect_fields=provider.connect_fields,
        bounding=provider if isinstance(provider, BoundsText) else None,
        oauth=isinstance(provider, Authorizable),
        has_servers=isinstance(provider, Registering),
        settings_schema=provider.settings_schema,
        count=provider.count,
    )


def _reply_to(part: int) -> ReplyTo | None:
    return ReplyTo(root_id="<part 1>", parent_id=f"<part {part}>") if part else None
