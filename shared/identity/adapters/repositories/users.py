"""Users in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.identity.adapters.tables import users
from shared.identity.domain.user import User
from shared.kernel.errors import Conflict

_FIRST_PLACE_LOCK = 0x6669727374  # "first"


@dataclass(frozen=True)
class PostgresUsers:
    _session: Session

    def claim_first_place(self) -> bool:
        """Deleted users count: deleting everybody does not make the next one root."""
        anybody = select(exists().select_from(users))
        if self._session.scalar(anybody):
            return False
        self._session.execute(select(func.pg_advisory_xact_lock(_FIRST_PLACE_LOCK)))
        return not self._session.scalar(anybody)

    def add(self, user: User) -> None:
        self._session.add(user)
        self._write()

    def bring_back(self, user: User) -> None:
        assert user in self._session
        self._write()

    def _write(self) -> None:
        try:
            self._session.flush()
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                raise Conflict(
                    "EMAIL_ALREADY_REGISTERED", "This e-mail is registered already", field="email"
                ) from error
            raise

    def by_email(self, email: str) -> User | None:
        return self._session.scalars(
            select(User).where(users.c.email == email, users.c.deleted_at.is_(None))
        ).one_or_none()

    def get(self, user_id: UUID) -> User | None:
        return self._session.scalars(
            select(User).where(users.c.id == user_id, users.c.deleted_at.is_(None))
        ).one_or_none()

    def get_for_update(self, user_id: UUID) -> User | None:
        return self._session.scalars(
            select(User)
            .where(users.c.id == user_id, users.c.deleted_at.is_(None))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)  # what was read before the lock is stale
        ).one_or_none()

    def deleted_for_update(self, user_id: UUID) -> User | None:
        return self._session.scalars(
            select(User)
            .where(users.c.id == user_id, users.c.deleted_at.is_not(None))
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one_or_none()
