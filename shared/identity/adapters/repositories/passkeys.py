"""Passkeys in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.identity.adapters.credential_tables import passkeys
from shared.identity.domain.passkey import Passkey
from shared.kernel.errors import Conflict


@dataclass(frozen=True)
class PostgresPasskeys:
    _session: Session

    def add(self, passkey: Passkey) -> None:
        self._session.add(passkey)
        try:
            self._session.flush()
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                raise Conflict(
                    "PASSKEY_ALREADY_REGISTERED", "This passkey is registered already"
                ) from error
            raise

    def of(self, user_id: UUID) -> list[Passkey]:
        return list(
            self._session.scalars(
                select(Passkey)
                .where(passkeys.c.user_id == user_id)
                .order_by(passkeys.c.created_at, passkeys.c.id)
            )
        )

    def by_credential(self, user_id: UUID, credential_id: bytes) -> Passkey | None:
        return self._session.scalars(
            select(Passkey)
            .where(passkeys.c.user_id == user_id, passkeys.c.credential_id == credential_id)
            .with_for_update(key_share=True)
        ).one_or_none()

    def get_for_update(self, passkey_id: UUID) -> Passkey | None:
        return self._session.get(Passkey, passkey_id, with_for_update={"key_share": True})

    def remove(self, passkey: Passkey) -> None:
        self._session.delete(passkey)

    def remove_all(self, user_id: UUID) -> None:
        self._session.execute(delete(Passkey).where(passkeys.c.user_id == user_id))
