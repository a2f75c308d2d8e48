"""An answer made up, for rules of what answers mean."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Said:
    status: int
    said: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    received_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    @property
    def body(self) -> bytes:
        return json.dumps(self.said).encode()

    def json(self) -> Any:
        return json.loads(self.body)
