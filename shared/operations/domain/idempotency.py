"""What an idempotency key promises: a request that is sent again is not done again."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId

KEPT_FOR = timedelta(hours=24)
LAPSES_AFTER = timedelta(seconds=60)
"""When a request without an answer counts as dead: twice what a function may run."""

_KEY = re.compile(r"[!-~]{1,255}")


class State(StrEnum):
    IN_PROGRESS = "in_progress"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class KeyedRequest:
    """A request and whose it is; equal fingerprints mean the same request."""

    organization_id: OrganizationId
    user_id: UUID
    key: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    status_code: int
    content_type: str | None
    body: bytes


def demand_key(key: str) -> None:
    """Refuse what is not 1 to 255 visible ASCII characters.

    Raises:
        RuleViolation: `INVALID_IDEMPOTENCY_KEY`.
    """
    if not _KEY.fullmatch(key):
        raise RuleViolation(
            "INVALID_IDEMPOTENCY_KEY",
            "An idempotency key has 1 to 255 visible ASCII characters",
            field="Idempotency-Key",
        )
