"""A user that is no person: programs act as it, with keys, and nobody signs in to it."""

from datetime import datetime

from shared.identity.domain.name import plain_name
from shared.identity.domain.organization import Membership
from shared.identity.domain.roles import Role
from shared.identity.domain.user import AuthMethod, User, UserStatus
from shared.kernel.errors import RuleViolation
from shared.kernel.ids import OrganizationId, new_id

_DOMAIN = "service.invalid"
"""No mail ever arrives there (RFC 2606, section 2)."""


def new_service_account(
    *, organization_id: OrganizationId, name: str, role: Role, now: datetime
) -> tuple[User, Membership]:
    """An account that belongs to one organization and to no other.

    Raises:
        RuleViolation: `VALIDATION_ERROR`, or see `demand_role`.
    """
    demand_role(role)
    account_id = new_id()
    user = User(
        id=account_id,
        email=f"{account_id}@{_DOMAIN}",
        password_hash=None,
        name=plain_name(name),
        status=UserStatus.ACTIVE,
        is_root=False,
        timezone="UTC",
        locale="en",
        created_at=now,
        updated_at=now,
        auth_method=AuthMethod.KEY,
    )
    membership = Membership(
        organization_id=organization_id, user_id=account_id, role=role, created_at=now
    )
    return user, membership


def demand_role(role: Role) -> None:
    """Refuse what only a person can be.

    Raises:
        RuleViolation: `SERVICE_ACCOUNT_CANNOT_OWN`.
    """
    if role is Role.OWNER:
        raise RuleViolation(
            "SERVICE_ACCOUNT_CANNOT_OWN", "An organization is owned by a person", field="role"
        )
