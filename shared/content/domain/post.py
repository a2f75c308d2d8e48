"""A post: what somebody wants to say, before it is put into words for a network."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from shared.content.domain.post_status import PostStatus, status_after
from shared.content.domain.rules import (
    demand_description,
    demand_document,
    demand_tags,
    demand_title,
    one_line,
)
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id
from shared.kernel.text import demand_storable

IMMUTABLE = frozenset({PostStatus.PUBLISHED, PostStatus.ARCHIVED})

RESTORABLE_FOR = timedelta(days=30)
"""How long a deleted post can be brought back."""


class PostChanges(TypedDict, total=False):
    """What is absent stays; None clears."""

    title: str | None
    description: str
    tags: Sequence[str] | None
    metadata: Mapping[str, Any] | None


@dataclass(kw_only=True, eq=False)
class Post:
    """`status` follows from the schedules; `published_at` is the first success of any of them.

    `tags` are distinct and keep the author's order. Instants are aware and in UTC. `version` grows
    with every change that is stored, whoever makes it.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    title: str | None
    description: str
    tags: list[str]
    metadata: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    status: PostStatus = PostStatus.DRAFT
    published_at: datetime | None = None
    deleted_at: datetime | None = None
    version: int = 1

    @classmethod
    def write(
        cls,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        title: str | None,
        description: str,
        tags: Sequence[str],
        metadata: Mapping[str, Any],
        now: datetime,
    ) -> "Post":
        post = cls(
            id=new_id(),
            organization_id=organization_id,
            created_by=created_by,
            title=title,
            description=description,
            tags=list(tags),
            metadata=dict(metadata),
            created_at=now,
            updated_at=now,
        )
        post._settle()
        return post

    @property
    def restorable_until(self) -> datetime | None:
        return self.deleted_at and self.deleted_at + RESTORABLE_FOR

    def edit(self, changes: PostChanges, *, now: datetime) -> None:
        """Change what is given.

        Raises:
            Conflict: `CANNOT_UPDATE_PUBLISHED_POST`.
        """
        if self.status in IMMUTABLE:
            raise Conflict(
                "CANNOT_UPDATE_PUBLISHED_POST",
                f"A post that is {self.status} cannot be changed any more",
                meta={"status": self.status},
            )
        self.title = changes.get("title", self.title)
        self.description = changes.get("description", self.description)
        self.tags = list(changes.get("tags", self.tags) or [])
        self.metadata = dict(changes.get("metadata", self.metadata) or {})
        self.updated_at = now
        self._settle()

    def delete(self, *, now: datetime) -> None:
        """Take it, and its variants with it, off every list."""
        self.deleted_at = self.updated_at = now

    def restore(self, *, now: datetime) -> None:
        """Put it back where it was; one that is on the lists stays as it is.

        Raises:
            Conflict: `POST_RESTORE_EXPIRED`.
        """
        if self.deleted_at is None:
            return
        if now > self.deleted_at + RESTORABLE_FOR:
            raise Conflict(
                "POST_RESTORE_EXPIRED",
                f"A deleted post can be restored for {RESTORABLE_FOR.days} days",
            )
        self.deleted_at = None
        self.updated_at = now

    def demand_unarchived(self) -> None:
        """Refuse to change what somebody has put away, or the words of it.

        Raises:
            Conflict: `POST_ARCHIVED`.
        """
        if self.status == PostStatus.ARCHIVED:
            raise Conflict(
                "POST_ARCHIVED", "This post is archived: take it out of the archive first"
            )

    def archive(self, *, now: datetime) -> None:
        """Put it away: from now on it is neither changed nor sent."""
        if self.status != PostStatus.ARCHIVED:
            self.status = PostStatus.ARCHIVED
            self.updated_at = now

    def unarchive(self, schedules: Collection[str], *, now: datetime) -> None:
        """Take it out again, with the status that follows from those of its live schedules."""
        if self.status == PostStatus.ARCHIVED:
            self.status = status_after(
                PostStatus.DRAFT, schedules, was_published=self.published_at is not None
            )
            self.updated_at = now

    def _settle(self) -> None:
        demand_storable(self.title)
        self.title = one_line(self.title or "") or None
        demand_title(self.title or "")
        demand_description(self.description)
        demand_tags(self.tags)
        self.tags = list(dict.fromkeys(one_line(tag) for tag in self.tags))
        demand_document(self.metadata)
