"""Secrets of authenticator apps and recovery codes in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from shared.identity.adapters.credential_tables import recovery_codes, totp_secrets
from shared.identity.domain.recovery_code import RecoveryCode
from shared.identity.domain.second_factor import FactorMethod
from shared.identity.domain.totp_secret import TotpSecret

_UNUSED = recovery_codes.c.used_at.is_(None)


@dataclass(frozen=True)
class PostgresSecondFactors:
    _session: Session

    def methods(self, user_id: UUID) -> Sequence[FactorMethod]:
        """One question, for it is asked at each sign-in."""
        left = exists().where(recovery_codes.c.user_id == user_id, _UNUSED)
        found = self._session.execute(
            select(left).where(
                totp_secrets.c.user_id == user_id, totp_secrets.c.confirmed_at.is_not(None)
            )
        ).one_or_none()
        if found is None:
            return ()
        return (FactorMethod.TOTP, FactorMethod.RECOVERY_CODE) if found[0] else (FactorMethod.TOTP,)

    def totp(self, user_id: UUID) -> TotpSecret | None:
        return self._session.scalars(
            select(TotpSecret)
            .where(totp_secrets.c.user_id == user_id)
            .with_for_update(key_share=True)
        ).one_or_none()

    def begin_totp(self, secret: TotpSecret) -> None:
        self._session.execute(
            delete(TotpSecret).where(
                totp_secrets.c.user_id == secret.user_id, totp_secrets.c.confirmed_at.is_(None)
            )
        )
        self._session.add(secret)

    def recovery_code(self, user_id: UUID, code_hash: str) -> RecoveryCode | None:
        return self._session.scalars(
            select(RecoveryCode)
            .where(
                recovery_codes.c.user_id == user_id,
                recovery_codes.c.code_hash == code_hash,
                _UNUSED,
            )
            .with_for_update(key_share=True)
        ).one_or_none()

    def replace_recovery_codes(self, user_id: UUID, codes: Sequence[RecoveryCode]) -> None:
        self._session.execute(delete(RecoveryCode).where(recovery_codes.c.user_id == user_id))
        self._session.add_all(codes)

    def disable(self, user_id: UUID) -> None:
        self.replace_recovery_codes(user_id, [])
        self._session.execute(delete(TotpSecret).where(totp_secrets.c.user_id == user_id))
