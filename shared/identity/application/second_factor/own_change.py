"""What a person changed about their own ways to sign in, told in the transaction of the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.identity.application.ports import IdentityUnitOfWork
from shared.kernel.happenings import Happened, Happening


def tell(
    work: IdentityUnitOfWork,
    what: Happening,
    *,
    user_id: UUID,
    now: datetime,
    subject_id: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """It happened to the person themselves, where no other subject is named."""
    work.happenings.record(
        Happened(
            what=what,
            organization_id=work.organizations.of(user_id)[0].organization_id,
            subject_id=subject_id or user_id,
            actor_id=user_id,
            at=now,
            details=details or {},
        )
    )
