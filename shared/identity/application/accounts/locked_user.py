"""A user whose account root changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.user import User
from shared.kernel.errors import NotFound
from shared.kernel.happenings import Happened, Happening


def locked_user(work: IdentityUnitOfWork, user_id: UUID) -> User:
    """A live user, locked.

    Raises:
        NotFound: `USER_NOT_FOUND`.
    """
    user = work.users.get_for_update(user_id)
    if user is None:
        raise no_such_user()
    return user


def no_such_user() -> NotFound:
    return NotFound("USER_NOT_FOUND", "There is no such user")


def happened_to(
    user: User,
    memberships: Sequence[MembershipView],
    what: Happening,
    *,
    by: UUID,
    at: datetime,
    **details: Any,
) -> Happened:
    """What happens to a person is told in their first organization, their own."""
    return Happened(
        what=what,
        organization_id=memberships[0].organization_id,
        subject_id=user.id,
        actor_id=by,
        at=at,
        details=details,
    )
