"""Flags: what the whole platform does or leaves, turned by root while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from shared.kernel.errors import NotFound

AI_GENERATION = "posts.ai_generation"
BULK_OPERATIONS = "schedules.bulk_operations"
MAINTENANCE_MODE = "system.maintenance_mode"

DESCRIPTION_LENGTH = 500


class FlagChanges(TypedDict, total=False):
    """What is absent stays."""

    value: Any
    description: str
    is_enabled: bool


@dataclass(frozen=True, kw_only=True)
class Flag:
    """`value` is any JSON but null, for everybody to read; it counts only while `is_enabled`.

    The instants are those of root's changes: without any, the flag is as it is declared.
    """

    key: str
    value: Any
    description: str
    is_enabled: bool
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Text counts as true only if it says so, anything else if it is neither 0 nor empty."""
        if isinstance(self.value, str):
            return self.is_enabled and self.value.lower() == "true"
        return self.is_enabled and bool(self.value)


def _declared(*flags: Flag) -> Mapping[str, Flag]:
    return {flag.key: flag for flag in sorted(flags, key=lambda flag: flag.key)}


DECLARED = _declared(
    Flag(
        key=AI_GENERATION,
        value=True,
        description="Have texts suggested by a language model",
        is_enabled=True,
    ),
    Flag(
        key=BULK_OPERATIONS,
        value=True,
        description="Move and cancel many schedules at once",
        is_enabled=True,
    ),
    Flag(
        key=MAINTENANCE_MODE,
        value=False,
        description="Refuse to change anything for a while, but for root; what is due still leaves",
        is_enabled=False,
    ),
)
"""Every flag there is, as it is until root changes it, by key."""


def demand_declared(key: str) -> Flag:
    """The flag, as it is declared.

    Raises:
        NotFound: `FEATURE_FLAG_NOT_FOUND`.
    """
    if key not in DECLARED:
        raise NotFound("FEATURE_FLAG_NOT_FOUND", "There is no such feature flag")
    return DECLARED[key]
