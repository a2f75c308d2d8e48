"""Whose preset is meant, where a path names a user."""

from uuid import UUID

from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied
from shared.presets.application.ports import FindMember
from shared.presets.domain.preset import Member


def whose(find_member: FindMember, *, actor: Actor, own: Member, user_id: UUID) -> Member:
    """The actor themselves, who are `own`; for root anybody.

    Raises:
        PermissionDenied: `FORBIDDEN`.
        NotFound: `USER_NOT_FOUND`.
    """
    if user_id == own.user_id:
        return own
    if not actor.is_root:
        raise PermissionDenied("FORBIDDEN", "A preset of one's own is nobody else's")
    return find_member(user_id, actor.organization_id)
