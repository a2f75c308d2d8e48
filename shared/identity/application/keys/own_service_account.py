"""A service account of the actor's organization."""

from uuid import UUID

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.user import AuthMethod, User
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound


def own_service_account(
    work: IdentityUnitOfWork, actor: Actor, account_id: UUID, *, field: str | None = None
) -> tuple[User, MembershipView]:
    """Lock it, and tell what it may.

    Raises:
        NotFound: `SERVICE_ACCOUNT_NOT_FOUND`.
        PermissionDenied: `SERVICE_ACCOUNT_ACCESS_DENIED`.
    """
    user = work.users.get_for_update(account_id)
    if user is None or user.auth_method is not AuthMethod.KEY:
        raise NotFound("SERVICE_ACCOUNT_NOT_FOUND", "There is no such service account", field=field)
    belongs = next(iter(work.organizations.of(user.id)), None)
    return user, actor.own(belongs, "service_account", field=field)
