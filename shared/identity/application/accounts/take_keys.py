"""Take away what opens an account without its password."""

from datetime import datetime
from uuid import UUID

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.user import User
from shared.kernel.happenings import Happened, Happening


def take_keys(work: IdentityUnitOfWork, user: User, *, by: UUID, now: datetime) -> None:
    """Identities of other providers, which are then free for another account, and API keys.

    The user's row is locked.
    """
    for identity in work.external_identities.of(user.id):
        work.external_identities.remove(identity)
    for key in work.api_keys.good_ones(user.id, now=now):
        key.revoke(by=by, now=now)
        work.happenings.record(
            Happened(
                what=Happening.API_KEY_REVOKED,
                organization_id=key.organization_id,
                subject_id=key.id,
                actor_id=by,
                at=now,
            )
        )
