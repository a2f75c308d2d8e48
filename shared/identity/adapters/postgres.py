"""The unit of work around identity's repositories on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session

from shared.identity.adapters import cached_access
from shared.identity.adapters.happenings import IdentityHappenings
from shared.identity.adapters.outbox import SealedOutbox
from shared.identity.adapters.repositories.api_keys import PostgresApiKeys
from shared.identity.adapters.repositories.custom_roles import PostgresCustomRoles
from shared.identity.adapters.repositories.external_identities import PostgresExternalIdentities
from shared.identity.adapters.repositories.grants import PostgresGrants
from shared.identity.adapters.repositories.invitations import PostgresInvitations
from shared.identity.adapters.repositories.memberships import PostgresMemberships
from shared.identity.adapters.repositories.one_time_tokens import PostgresOneTimeTokens
from shared.identity.adapters.repositories.organizations import PostgresOrganizations
from shared.identity.adapters.repositories.passkeys import PostgresPasskeys
from shared.identity.adapters.repositories.profiles import ChangedProfiles
from shared.identity.adapters.repositories.second_factors import PostgresSecondFactors
from shared.identity.adapters.repositories.user_sessions import PostgresUserSessions
from shared.identity.adapters.repositories.users import PostgresUsers
from shared.infrastructure.database import transaction


class PostgresIdentity:
    def __init__(self, session: Session) -> None:
        self.users = PostgresUsers(session)
        self.organizations = PostgresOrganizations(session)
        self.memberships = PostgresMemberships(session)
        self.custom_roles = PostgresCustomRoles(session)
        self.grants = PostgresGrants(session)
        self.invitations = PostgresInvitations(session)
        self.profiles = ChangedProfiles()
        self.sessions = PostgresUserSessions(session)
        self.one_time_tokens = PostgresOneTimeTokens(session)
        self.second_factors = PostgresSecondFactors(session)
        self.passkeys = PostgresPasskeys(session)
        self.external_identities = PostgresExternalIdentities(session)
        self.api_keys = PostgresApiKeys(session)
        self.happenings = IdentityHappenings(session)
        self.outbox = SealedOutbox(session)


@contextmanager
def begin() -> Iterator[PostgresIdentity]:
    """One unit of work; whatever it wrote is forgotten by the cache once it is committed.

    Also where that is not known, for the answer to the commit may have been lost on its way.
    """
    stale: set[str] = set()
    changed = ChangedProfiles()

    def note(session: Session, _context: object) -> None:
        # Now, for after a rollback nothing can be asked of them any more.
        for aggregate in (*session.new, *session.dirty, *session.deleted):
            stale.update(cached_access.keys_of(aggregate))

    try:
        with transaction() as session:
            event.listen(session, "after_flush", note)
            work = PostgresIdentity(session)
            changed = work.profiles
            yield work
    finally:
        cached_access.forget(stale | set(map(cached_access.user_key, changed.user_ids)))
