"""A variant: the words of a post for one network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from shared.content.domain.channel import Channel
from shared.content.domain.fitness import Draft, misfits, told, unsayable, untaken
from shared.content.domain.media import File, demand_media
from shared.content.domain.post import Post
from shared.content.domain.rules import demand_document, demand_tone
from shared.content.domain.thread import FollowUp
from shared.kernel.errors import Conflict, RuleViolation, demand_none
from shared.kernel.ids import OrganizationId, new_id


class VariantStatus(StrEnum):
    DRAFT = "draft"
    READY = "ready"
    PUBLISHED = "published"


class VariantSource(StrEnum):
    MANUAL = "manual"
    GENERATED = "generated"
    IMPORTED = "imported"


class VariantChanges(TypedDict, total=False):
    """What is absent stays; None clears."""

    content: str
    thread: Sequence[FollowUp] | None
    media: Mapping[str, Any] | None
    tone: str | None
    metadata: Mapping[str, Any] | None
    settings: Mapping[str, Any] | None


@dataclass(kw_only=True, eq=False)
class PostVariant:
    """`content` is sent as it stands; `channel` is the slug of the network it is written for.

    `thread` are the follow-ups, the first one first. `settings` are the network's own, such as who
    sees it; they hold for every part. `version` grows with every change that is stored, whoever
    makes it.
    """

    id: UUID
    post_id: UUID
    organization_id: OrganizationId
    created_by: UUID
    channel: str
    content: str
    media: dict[str, Any]
    tone: str | None
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    thread: list[FollowUp] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    source: VariantSource = VariantSource.MANUAL
    status: VariantStatus = VariantStatus.DRAFT
    published_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1

    @classmethod
    def write(
        cls,
        post: Post,
        channel: Channel,
        *,
        created_by: UUID,
        content: str,
        thread: Sequence[FollowUp],
        media: Mapping[str, Any],
        tone: str | None,
        metadata: Mapping[str, Any],
        settings: Mapping[str, Any] | None = None,
        now: datetime,
        source: VariantSource = VariantSource.MANUAL,
    ) -> "PostVariant":
        variant = cls(
            id=new_id(),
            post_id=post.id,
            organization_id=post.organization_id,
            created_by=created_by,
            channel=channel.id,
            content=content,
            thread=list(thread),
            media=dict(media),
            tone=tone,
            metadata=dict(metadata),
            source=source,
            settings=dict(settings or {}),
            created_at=now,
            updated_at=now,
        )
        demand_media(variant.media)
        variant._settle(channel)
        return variant

    def copied_to(self, post: Post, *, created_by: UUID, now: datetime) -> "PostVariant":
        """The same words as a draft of another post, whatever has become of these."""
        return replace(
            self,
            id=new_id(),
            post_id=post.id,
            organization_id=post.organization_id,
            created_by=created_by,
            status=VariantStatus.DRAFT,
            created_at=now,
            updated_at=now,
            published_at=None,
            deleted_at=None,
            version=1,
        )

    def edit(self, changes: VariantChanges, channel: Channel, *, now: datetime) -> None:
        """Change what is given; one that is ready stays ready, for its content still fits.

        Raises:
            Conflict: `VARIANT_ALREADY_PUBLISHED`.
        """
        self.demand_unpublished()
        self.content = changes.get("content", self.content)
        self.thread = list(changes.get("thread", self.thread) or [])
        if "media" in changes:
            self.media = dict(changes["media"] or {})
            demand_media(self.media)
        self.tone = changes.get("tone", self.tone)
        self.metadata = dict(changes.get("metadata", self.metadata) or {})
        self.settings = dict(changes.get("settings", self.settings) or {})
        self.updated_at = now
        self._settle(channel)

    def has_shape_of(self, thread: Sequence[FollowUp]) -> bool:
        """Whether it has as many follow-ups with the same delays, whatever their words."""
        delays = [each["delay_seconds"] for each in thread]
        return delays == [each["delay_seconds"] for each in self.thread]

    @property
    def draft(self) -> Draft:
        """What would be sent of it, without the files it shows."""
        return Draft(
            content=self.content, thread=self.thread, media=self.media, settings=self.settings
        )

    def mark_ready(
        self, channel: Channel, files: Mapping[UUID, File] | None = None, *, now: datetime
    ) -> None:
        """Raise a draft that can be sent; `files` are those it shows.

        Raises:
            RuleViolation: `VARIANT_NOT_DRAFT`; or why it cannot be sent, see `misfits`.
        """
        if self.status != VariantStatus.DRAFT:
            raise RuleViolation(
                "VARIANT_NOT_DRAFT",
                f"Only a draft can be marked ready; this variant is {self.status}",
                meta={"status": self.status},
            )
        demand_none(misfits(replace(self.draft, files=files or {}), channel))
        self.status = VariantStatus.READY
        self.updated_at = now

    def delete(self, *, now: datetime) -> None:
        """Take it off every list.

        Raises:
            Conflict: `VARIANT_ALREADY_PUBLISHED`.
        """
        self.demand_unpublished()
        self.deleted_at = self.updated_at = now

    def demand_unpublished(self) -> None:
        if self.status == VariantStatus.PUBLISHED:
            raise Conflict(
                "VARIANT_ALREADY_PUBLISHED", "A published variant cannot be changed or deleted"
            )

    def _settle(self, channel: Channel) -> None:
        self.tone = (self.tone or "").strip() or None
        demand_none(told(unsayable(self.draft)))
        demand_tone(self.tone or "")
        demand_document(self.media)
        demand_document(self.metadata)
        demand_none(told(untaken(self.draft, channel)))
