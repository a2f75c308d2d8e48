"""Have something done after the commit: kept in the outbox with what it follows from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shared.kernel.ids import OrganizationId
from shared.operations.adapters import outbox


def enqueue(
    session: Session,
    queue: str,
    body: Mapping[str, Any],
    *,
    organization_id: OrganizationId,
    at: datetime,
) -> None:
    """Have the function behind `queue` called with `body`, at least once, soon after the commit.

    The body is JSON and sealed while it waits, for it may hold a link that opens an account. It is
    tried again with backoff until the function says it is done, or gives up for good.
    """
    outbox.add(session, queue, body, organization_id=organization_id, at=at)


def enqueue_nothing(session: Session, body: Mapping[str, Any]) -> None:
    """As much work as `enqueue`, for where nobody is to learn from a clock that it was not done."""
    outbox.add_nothing(session, body)
