"""Flags: what the whole platform does or leaves, turned by root while it runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypedDict
from uuid import UUID

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
    percentage: int | None
    organization_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Flag:
    """`value` is any JSON but null, for everybody to read; it counts only while `is_enabled`.

    With `organization_ids` or a `percentage` of all organizations it is for these alone. What is
    not `is_declared` in code was made by root. The instants are those of root's changes: without
    any, the flag is as it is declared.
    """

    key: str
    value: Any
    description: str
    is_enabled: bool
    percentage: int | None = None
    organization_ids: Sequence[str] = ()
    is_declared: bool = True
    created_at: datetime | None = None
    updated_at: datetime | None = None

    def is_on_for(self, organization_id: UUID | None) -> bool:
        """Nobody in particular is in no share of anything."""
        if not self.is_on:
            return False
        if self.percentage is None and not self.organization_ids:
            return True
        if organization_id is None:
            return False
        is_named = str(organization_id) in self.organization_ids
        return is_named or _place(self.key, organization_id) < (self.percentage or 0)

    @property
    def is_on(self) -> bool:
        """Text counts as true only if it says so, anything else if it is neither 0 nor empty."""
        if isinstance(self.value, str):
            return self.is_enabled and self.value.lower() == "true"
        return self.is_enabled and bool(self.value)


def _place(key: str, organization_id: UUID) -> int:
    """From 0 to 99, for each flag another, so that not the same ones try everything."""
    digest = sha256(f"{key}:{organization_id}".encode()).digest()
    return int.from_bytes(digest[:4]) % 100


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
"""Every flag that code goes by, as it is until root changes it, by key."""


def demand_declared(key: str) -> Flag:
    """The flag, as it is declared.

    Raises:
        NotFound: `FEATURE_FLAG_NOT_FOUND`.
    """
    if key not in DECLARED:
        raise NotFound("FEATURE_FLAG_NOT_FOUND", "There is no such feature flag")
    return DECLARED[key]
