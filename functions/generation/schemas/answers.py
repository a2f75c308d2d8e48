"""What the generation routes answer."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from shared.generation.domain.brief import Task
from shared.generation.domain.session import SessionStatus


class GenerationSessionOut(BaseModel):
    """`cost` is in US dollars: null where nobody knows, 0 where no model was asked."""

    id: UUID
    task: Task
    post_id: UUID | None
    template_id: UUID | None
    prompt: str
    tone: str | None
    status: SessionStatus
    failure: str | None
    ai_model: str | None
    is_fallback: bool
    tokens_used: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    duration_ms: int | None
    created_by: UUID
    created_at: datetime
    updated_at: datetime


class SuggestionOut(BaseModel):
    """`score`, 0 to 100: how well it keeps to what was asked for."""

    id: UUID
    generation_session_id: UUID
    channel_id: str = Field(validation_alias="channel")
    content: str
    score: float
    accepted: bool
    post_variant_id: UUID | None
    created_at: datetime


class GenerationMetadataOut(BaseModel):
    """What writing took. `is_fallback`: the model was down, and Luxaris wrote by itself.

    `cost` is in US dollars: null where nobody knows, 0 where no model was asked.
    """

    session_id: UUID = Field(validation_alias="id")
    ai_model: str
    is_fallback: bool
    generation_time_ms: int = Field(validation_alias="duration_ms")
    tokens_used: int
    input_tokens: int
    output_tokens: int
    cost: float | None
