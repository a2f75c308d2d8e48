"""How high the actor stands now, in the organization they act in: not when they were proved."""

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.organization import Organization
from shared.identity.domain.permissions import is_held
from shared.identity.domain.standing import ROOT, Standing
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, PermissionDenied


def acting_standing(work: IdentityUnitOfWork, *, actor: Actor, permission: str) -> Standing:
    """What the actor may give and whom they may manage, while the organization is locked.

    Whoever was demoted a moment ago is refused. A program that acts for a user stands as high as
    what it was lent, whatever the user's role.

    Raises:
        PermissionDenied: `FORBIDDEN`; the actor no longer holds `permission`.
    """
    lock_organization(work, actor)
    if actor.is_root:
        return ROOT
    membership = work.memberships.view(actor.organization_id, actor.user_id)
    held = membership.permissions if membership else frozenset()
    lent = frozenset(word for word in held if is_held(word, actor.permissions))
    if membership is None or not is_held(permission, lent):
        raise PermissionDenied("FORBIDDEN", f"This needs the permission {permission}")
    if lent == held:
        return membership.standing
    return Standing(permissions=lent)


def lock_organization(work: IdentityUnitOfWork, actor: Actor) -> Organization:
    """The organization the actor acts in: its members, roles and invitations hold still.

    Raises:
        NotFound: `ORGANIZATION_NOT_FOUND`.
    """
    organization = work.organizations.get_for_update(actor.organization_id)
    if organization is None:
        raise NotFound("ORGANIZATION_NOT_FOUND", "There is no such organization")
    return organization
