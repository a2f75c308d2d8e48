"""An HTTP answer of a network, made by hand."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Answered:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    received_at: datetime = NOW

    def json(self) -> Any:
        return json.loads(self.body)
