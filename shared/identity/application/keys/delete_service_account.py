"""Take a service account away."""

from uuid import UUID

from shared.identity.application.keys.create_service_account import MANAGE
from shared.identity.application.keys.key_events import told_of_revoked
from shared.identity.application.keys.own_service_account import own_service_account
from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.ports import Begin
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.happenings import Happened, Happening


def delete_service_account(
    begin: Begin, clock: Clock, *, actor: SignedIn, account_id: UUID
) -> None:
    """Delete it softly, and revoke its keys.

    What it wrote stays. What it scheduled does not leave any more: it is skipped, as whatever is
    scheduled by somebody who is gone.

    Raises:
        NotFound: `SERVICE_ACCOUNT_NOT_FOUND`.
        PermissionDenied: `SERVICE_ACCOUNT_ACCESS_DENIED` or `INSUFFICIENT_ROLE`.
    """
    now = clock()
    with begin() as work:
        user, was = own_service_account(work, actor, account_id)
        acting_standing(work, actor=actor, permission=MANAGE).demand_above(was.standing)
        keys = work.api_keys.good_ones(user.id, now=now)
        for key in keys:
            key.revoke(by=actor.user_id, now=now)
        user.deleted_at = user.updated_at = now
        work.happenings.record(
            *(told_of_revoked(key, by=actor.user_id, at=now) for key in keys),
            Happened(
                what=Happening.SERVICE_ACCOUNT_DELETED,
                organization_id=actor.organization_id,
                subject_id=user.id,
                actor_id=actor.user_id,
                at=now,
                details={"name": user.name},
            ),
        )
