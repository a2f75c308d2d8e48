"""Tell a person by mail how their account is signed in to from now on, in case it was not them."""

from datetime import datetime
from enum import StrEnum

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.user import User


class SecurityChange(StrEnum):
    """Words of the template `security_changed`."""

    SECOND_FACTOR_ENABLED = "second_factor_enabled"
    SECOND_FACTOR_DISABLED = "second_factor_disabled"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    API_KEY_CREATED = "api_key_created"
    API_KEY_ROTATED = "api_key_rotated"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"


def write_of(
    work: IdentityUnitOfWork, change: SecurityChange, *, user: User, now: datetime
) -> None:
    """It leaves once the change is committed."""
    work.outbox.mail(
        "security_changed",
        to=user.email,
        locale=user.locale,
        organization_id=work.organizations.of(user.id)[0].organization_id,
        at=now,
        parameters={"name": user.name, "change": change},
    )
