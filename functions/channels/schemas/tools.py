"""Bodies of what networks are asked, and of what they count."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.channels.domain.tools import Tool


class ToolOut(BaseModel):
    """`arguments` is the JSON Schema (draft 2020-12) of what the tool is handed."""

    name: str
    title: str
    description: str
    arguments: dict[str, Any]

    @classmethod
    def of(cls, name: str, tool: Tool) -> Self:
        return cls(
            name=name,
            title=tool.title,
            description=tool.description,
            arguments=dict(tool.arguments),
        )


class UseTool(BaseModel):
    """What the tool is handed, by its own schema; many take nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"arguments": {}}]})

    arguments: dict[str, Any] = Field(default_factory=dict, max_length=20)


class MetricsOut(BaseModel):
    """Totals up to `measured_at`, by name; of a post where `external_id` names one.

    What the network does not tell is absent.
    """

    connection_id: UUID
    external_id: str | None
    measured_at: datetime
    metrics: dict[str, int]
