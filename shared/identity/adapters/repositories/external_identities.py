"""External identities in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.identity.adapters.credential_tables import external_identities as identities
from shared.identity.adapters.tables import users
from shared.identity.domain.external_identity import ExternalIdentity
from shared.kernel.errors import Conflict


@dataclass(frozen=True)
class PostgresExternalIdentities:
    _session: Session

    def owner(self, issuer: str, subject: str) -> UUID | None:
        return self._session.scalar(
            select(identities.c.user_id)
            .join(users, users.c.id == identities.c.user_id)
            .where(
                identities.c.issuer == issuer,
                identities.c.subject == subject,
                users.c.deleted_at.is_(None),
            )
        )

    def of(self, user_id: UUID) -> list[ExternalIdentity]:
        return list(
            self._session.scalars(
                select(ExternalIdentity)
                .where(identities.c.user_id == user_id)
                .order_by(identities.c.created_at, identities.c.id)
            )
        )

    def add(self, identity: ExternalIdentity) -> None:
        deleted = select(users.c.id).where(users.c.deleted_at.is_not(None))
        self._session.execute(
            delete(identities).where(
                identities.c.issuer == identity.issuer,
                identities.c.subject == identity.subject,
                identities.c.user_id.in_(deleted),
            )
        )
        self._session.add(identity)
        try:
            self._session.flush()
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                raise Conflict(
                    "IDENTITY_ALREADY_LINKED", "This identity belongs to an account already"
                ) from error
            raise

    def remove(self, identity: ExternalIdentity) -> None:
        self._session.delete(identity)
