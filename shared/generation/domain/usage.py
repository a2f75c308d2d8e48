"""What writing took, and how it fails."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shared.kernel.errors import FaultyService

OFFLINE = "offline"
"""The name in the place of a model's, where none was asked."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """`cost` is in US dollars; nothing where nobody knows the prices, zero where none is due.

    `is_fallback`: the model was down, and something else has written instead.
    """

    ai_model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = None
    is_fallback: bool = False

    @property
    def tokens_used(self) -> int:
        return self.input_tokens + self.output_tokens


class GenerationFailed(FaultyService):
    """Nothing that could be used was written; it may have cost something all the same."""

    def __init__(self, reason: str, usage: Usage) -> None:
        meta: dict[str, Any] = {"reason": reason, "ai_model": usage.ai_model}
        super().__init__("GENERATION_FAILED", "No usable text was written: try again", meta=meta)
        self.usage = usage
