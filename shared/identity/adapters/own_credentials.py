"""What a person has to sign in with, for them to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, func, select

from shared.identity.adapters.credential_tables import (
    external_identities,
    passkeys,
    recovery_codes,
    totp_secrets,
)
from shared.infrastructure.database import transaction


@dataclass(frozen=True, kw_only=True)
class OwnSecondFactor:
    """`enabled_at` is `None` where none is; codes and passkeys are counted."""

    enabled_at: datetime | None
    recovery_codes_left: int
    passkeys: int


def own_second_factor(user_id: UUID) -> OwnSecondFactor:
    enabled_at = select(totp_secrets.c.confirmed_at).where(totp_secrets.c.user_id == user_id)
    left = select(func.count()).where(
        recovery_codes.c.user_id == user_id, recovery_codes.c.used_at.is_(None)
    )
    keys = select(func.count()).where(passkeys.c.user_id == user_id)
    with transaction() as session:
        row = session.execute(
            select(
                enabled_at.scalar_subquery().label("enabled_at"),
                left.scalar_subquery().label("recovery_codes_left"),
                keys.scalar_subquery().label("passkeys"),
            )
        ).one()
    return OwnSecondFactor(
        enabled_at=row.enabled_at,
        recovery_codes_left=row.recovery_codes_left,
        passkeys=row.passkeys,
    )


def own_passkeys(user_id: UUID) -> Sequence[RowMapping]:
    """Oldest first; there are few."""
    wanted = select(passkeys).where(passkeys.c.user_id == user_id)
    with transaction() as session:
        return (
            session.execute(wanted.order_by(passkeys.c.created_at, passkeys.c.id)).mappings().all()
        )


def own_identities(user_id: UUID) -> Sequence[RowMapping]:
    """Oldest first; one a provider."""
    wanted = select(external_identities).where(external_identities.c.user_id == user_id)
    oldest_first = wanted.order_by(external_identities.c.created_at, external_identities.c.id)
    with transaction() as session:
        return session.execute(oldest_first).mappings().all()
