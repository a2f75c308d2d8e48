"""What is attached to a variant or a part of its thread, as it is handed over."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from functions.fields import kept
from shared.content.domain.media import ALT_TEXT_LENGTH, ITEMS
from shared.content.domain.rules import demand_content
from shared.kernel.errors import RuleViolation
from shared.kernel.text import demand_storable


class AttachItem(BaseModel):
    """A file of the media library."""

    model_config = ConfigDict(extra="forbid")

    media_id: UUID
    alt_text: Annotated[str, kept(demand_storable)] | None = Field(
        None,
        max_length=ALT_TEXT_LENGTH,
        description="In place of the file's own; how long it may be says its network",
    )
    cover_media_id: UUID | None = Field(None, description="The picture that stands before a film")
    fit: Literal["crop", "pad"] | None = Field(
        None,
        description="What becomes of a shape that its network does not take: its middle is shown,"
        " or all of it on a plain ground. Absent: crop",
    )


class AttachMedia(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[AttachItem], Field(max_length=ITEMS, description="In their order")] = []

    @property
    def document(self) -> dict[str, Any]:
        """As it is stored."""
        if not self.items:
            return {}
        return {"items": [item.model_dump(mode="json", exclude_none=True) for item in self.items]}


def demand_words(content: str, others: ValidationInfo) -> str:
    """Of what shows nothing, as far as its `media`, which is read before, can be understood."""
    media = others.data.get("media")
    try:
        demand_content(content, shows=media is not None and bool(media.items))
    except RuleViolation as broken:
        raise PydanticCustomError(broken.code, broken.description) from broken
    return content
