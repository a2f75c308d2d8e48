"""Where a page of a list ended, for the next to begin after it, whatever has been added since."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from shared.kernel.errors import RuleViolation


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The last item of a page: its id, and its sort key as JSON holds it.

    `order` is what the list was sorted by: in another order there is no such place.
    """

    order: str
    key: str | float | None
    id: UUID

    def written(self) -> str:
        """Opaque to whoever gets it, and safe in a URL; it holds no secret."""
        parts = json.dumps([self.order, self.key, self.id.hex], separators=(",", ":"))
        return urlsafe_b64encode(parts.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, written: str, *, order: str) -> Self:
        """The place that was written down.

        Raises:
            RuleViolation: `INVALID_CURSOR`; we never gave it, or for another order.
        """
        try:
            padded = written + "=" * (-len(written) % 4)
            known, key, identity = json.loads(urlsafe_b64decode(padded.encode("ascii")))
            cursor = cls(order=known, key=key, id=UUID(hex=identity))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise no_cursor() from error
        if known != order or not isinstance(key, str | float | int | None):
            raise no_cursor()
        return cursor


def no_cursor() -> RuleViolation:
    return RuleViolation(
        "INVALID_CURSOR",
        "Take the cursor from an answer, and keep the order of its list",
        field="cursor",
    )
