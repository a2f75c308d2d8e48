"""A session: one time that somebody had something written, what it took and how it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.generation.domain.brief import Task
from shared.generation.domain.usage import Usage
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId, new_id

LAPSE = timedelta(minutes=15)
"""Longer than anything runs: what is in progress since before is not any more."""


class SessionStatus(StrEnum):
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    ABORTED = "aborted"


@dataclass(kw_only=True, eq=False)
class GenerationSession:
    """`prompt` is what was asked, to the letter. `failure` is the code that an aborted one has.

    `ai_model` is ``offline`` where no model was asked; `cost` is in US dollars; instants are aware
    and in UTC, `duration_ms` is how long writing took.
    """

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    task: Task
    prompt: str
    created_at: datetime
    updated_at: datetime
    post_id: UUID | None = None
    template_id: UUID | None = None
    tone: str | None = None
    status: SessionStatus = SessionStatus.IN_PROGRESS
    failure: str | None = None
    ai_model: str | None = None
    is_fallback: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = None
    duration_ms: int | None = None
    deleted_at: datetime | None = None

    @classmethod
    def start(
        cls,
        *,
        organization_id: OrganizationId,
        created_by: UUID,
        task: Task,
        prompt: str,
        now: datetime,
        post_id: UUID | None = None,
        template_id: UUID | None = None,
        tone: str | None = None,
    ) -> "GenerationSession":
        return cls(
            id=new_id(),
            organization_id=organization_id,
            created_by=created_by,
            task=task,
            prompt=prompt,
            post_id=post_id,
            template_id=template_id,
            tone=tone,
            created_at=now,
            updated_at=now,
        )

    @property
    def tokens_used(self) -> int:
        return self.input_tokens + self.output_tokens

    def complete(self, usage: Usage, *, now: datetime) -> None:
        """Something was written.

        Raises:
            Conflict: `SESSION_NOT_IN_PROGRESS`; it was given up in the meantime.
        """
        if self.status != SessionStatus.IN_PROGRESS:
            raise Conflict("SESSION_NOT_IN_PROGRESS", f"The session is {self.status} already")
        self.status = SessionStatus.COMPLETED
        self._account(usage, now)

    def abort(self, failure: str, usage: Usage | None, *, now: datetime) -> None:
        """Nothing came of it; one that has ended stays as it is."""
        if self.status != SessionStatus.IN_PROGRESS:
            return
        self.status = SessionStatus.ABORTED
        self.failure = failure
        if usage is not None:
            self._account(usage, now)
        self.updated_at = now

    def belong_to(self, post_id: UUID, *, now: datetime) -> None:
        """What is accepted from now on goes into this post."""
        self.post_id = post_id
        self.updated_at = now

    def delete(self, *, now: datetime) -> None:
        """Take it, and its suggestions with it, off every list."""
        self.deleted_at = self.updated_at = now

    def _account(self, usage: Usage, now: datetime) -> None:
        self.ai_model = usage.ai_model
        self.is_fallback = usage.is_fallback
        self.input_tokens, self.output_tokens = usage.input_tokens, usage.output_tokens
        self.cost = usage.cost
        self.duration_ms = round((now - self.created_at) / timedelta(milliseconds=1))
        self.updated_at = now
