"""Attempts, as the ledger has them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.publishing.domain.outcome import ACTION, CONFIRM, RESPONSIBLE


def _one_of(*words: str) -> Any:
    return Field(json_schema_extra={"enum": [*dict.fromkeys(words), None]})


AttemptStatus = Literal["started", "pending", "success", "retried", "failed", "unknown"]
ErrorClass = Annotated[str | None, _one_of(*RESPONSIBLE)]
Responsible = Annotated[str | None, _one_of(*RESPONSIBLE.values())]
ActionRequired = Annotated[str | None, _one_of(*ACTION.values(), CONFIRM)]


class PublishEventOut(BaseModel):
    """One attempt; after a `pending` one the network works on it and is asked again.

    `responsible` is who must act: user, platform or system.

    `response_time_ms` is how long the network was waited for, `retry_allowed` whether another
    attempt may help, `resolved_by` the person whose word this is, where it is one's.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    attempt: int
    status: AttemptStatus
    started_at: datetime
    finished_at: datetime | None
    response_time_ms: int | None
    external_post_id: str | None
    external_url: str | None
    error_class: ErrorClass
    error_code: str | None
    error_message: str | None
    responsible: Responsible
    action_required: ActionRequired
    retry_allowed: bool | None
    resolved_by: UUID | None
