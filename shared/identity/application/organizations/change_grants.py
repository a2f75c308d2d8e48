"""Add and take away what a member holds beside their role, and tell of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.permission_grant import PermissionGrant
from shared.kernel.actor import Actor
from shared.kernel.happenings import Happened, Happening


def change_grants(
    work: IdentityUnitOfWork,
    *,
    actor: Actor,
    member_id: UUID,
    given: Sequence[str] = (),
    taken: Sequence[PermissionGrant] = (),
    now: datetime,
) -> None:
    """The organization is locked, and the actor may do it."""
    for permission in given:
        work.grants.add(
            PermissionGrant(
                organization_id=actor.organization_id,
                user_id=member_id,
                permission=permission,
                granted_by=actor.user_id,
                created_at=now,
            )
        )
    for grant in taken:
        work.grants.remove(grant)
    changed = [(Happening.PERMISSION_GRANTED, permission) for permission in given]
    changed += [(Happening.PERMISSION_REVOKED, grant.permission) for grant in taken]
    work.happenings.record(
        *(
            Happened(
                what=what,
                organization_id=actor.organization_id,
                subject_id=member_id,
                actor_id=actor.user_id,
                at=now,
                details={"permission": permission},
            )
            for what, permission in changed
        )
    )
