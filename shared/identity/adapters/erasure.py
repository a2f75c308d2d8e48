"""Take from the database what tells who a person was; what they did stays, by an id of nobody."""

from uuid import UUID

from sqlalchemy import delete, exists, select, text, update

from shared.identity.adapters import cached_access
from shared.identity.adapters.access_tables import invitations
from shared.identity.adapters.credential_tables import (
    external_identities,
    one_time_tokens,
    passkeys,
    recovery_codes,
    totp_secrets,
)
from shared.identity.adapters.tables import memberships, organizations, user_sessions, users
from shared.identity.domain.user import ERASED_NAME, erased_address
from shared.infrastructure.database import transaction
from shared.kernel.errors import NotFound
from shared.operations.api.events import forget_names

_THEIRS = (external_identities, one_time_tokens, passkeys, recovery_codes, totp_secrets)


def erase(user_id: UUID) -> None:
    """Of somebody whose account is closed; doing it again does no harm.

    Raises:
        NotFound: `USER_NOT_FOUND`; there is none that was deleted.
    """
    with transaction() as session:
        closed = users.c.id == user_id, users.c.deleted_at.is_not(None)
        address = session.scalar(select(users.c.email).where(*closed).with_for_update())
        if address is None:
            raise NotFound("USER_NOT_FOUND", "There is no such user")
        for table in _THEIRS:
            session.execute(delete(table).where(table.c.user_id == user_id))
        session.execute(delete(invitations).where(invitations.c.email == address))
        session.execute(
            update(user_sessions)
            .where(user_sessions.c.user_id == user_id)
            .values(user_agent="", address="")
        )
        session.execute(
            text("DELETE FROM idempotent_answers WHERE user_id = :person"), {"person": user_id}
        )
        theirs = select(memberships.c.organization_id).where(memberships.c.user_id == user_id)
        others = exists().where(
            memberships.c.organization_id == organizations.c.id, memberships.c.user_id != user_id
        )
        session.execute(
            update(organizations)
            .where(organizations.c.id.in_(theirs), ~others)
            .values(name=ERASED_NAME)
        )
        forget_names(session, user_id)
        session.execute(
            update(users)
            .where(users.c.id == user_id)
            .values(
                email=erased_address(user_id),
                name=ERASED_NAME,
                password_hash=None,
                avatar_url=None,
                timezone="UTC",
                locale="en",
                email_verified_at=None,
                last_login_at=None,
            )
        )
    cached_access.forget({cached_access.user_key(user_id)})
