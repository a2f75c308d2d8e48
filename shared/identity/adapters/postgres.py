"""Identity's repositories on PostgreSQL, and the unit of work around them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import event, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.identity.adapters import cached_access, queries
from shared.identity.adapters.tables import users
from shared.identity.domain.organization import Membership, Organization
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.user import User
from shared.identity.domain.user_session import UserSession
from shared.infrastructure.database import transaction
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
            .with_for_update()
        ).one_or_none()


@dataclass(frozen=True)
class PostgresOrganizations:
    _session: Session

    def add(self, organization: Organization, owner: Membership) -> None:
        self._session.add(organization)
        self._session.flush()
        self._session.add(owner)

    def of(self, user_id: UUID) -> list[MembershipView]:
        return queries.memberships_of(self._session, [user_id])[user_id]


@dataclass(frozen=True)
class PostgresUserSessions:
    _session: Session

    def add(self, session: UserSession) -> None:
        self._session.add(session)

    def get_for_update(self, session_id: UUID) -> UserSession | None:
        return self._session.get(UserSession, session_id, with_for_update=True)


class PostgresIdentity:
    def __init__(self, session: Session) -> None:
        self.users = PostgresUsers(session)
        self.organizations = PostgresOrganizations(session)
        self.sessions = PostgresUserSessions(session)


@contextmanager
def begin() -> Iterator[PostgresIdentity]:
    """One unit of work; whatever it wrote is forgotten by the cache once it is committed."""
    written: set[object] = set()

    def note(session: Session, _context: object) -> None:
        written.update(session.dirty, session.deleted)

    with transaction() as session:
        event.listen(session, "after_flush", note)
        yield PostgresIdentity(session)
    cached_access.forget(written)
