"""Give an account one more way in: what its owner is at an identity provider."""

from datetime import datetime

from shared.identity.application.external.ports import IdentityProvider
from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.application.second_factor.own_change import tell
from shared.identity.domain.external_identity import ExternalClaims, ExternalIdentity
from shared.identity.domain.user import User
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happening
from shared.kernel.ids import new_id


def link_identity(
    work: IdentityUnitOfWork,
    provider: IdentityProvider,
    *,
    user: User,
    claims: ExternalClaims,
    now: datetime,
) -> ExternalIdentity:
    """Link it to a user whose row is locked or new; a picture is taken over where there is none.

    Raises:
        PermissionDenied: `EMAIL_NOT_VERIFIED`.
        Conflict: `PROVIDER_ALREADY_LINKED`; an address moves from one person to the next, so who
            has it at the same provider need not be the same person. `IDENTITY_ALREADY_LINKED`,
            to another account.
    """
    identity = ExternalIdentity(
        id=new_id(),
        user_id=user.id,
        provider=provider.name,
        issuer=claims.issuer,
        subject=claims.subject,
        email=claims.verified_email,
        name=claims.name,
        created_at=now,
        last_used_at=now,
    )
    if any(each.provider == provider.name for each in work.external_identities.of(user.id)):
        raise Conflict(
            "PROVIDER_ALREADY_LINKED", "The account is linked to somebody at this provider already"
        )
    work.external_identities.add(identity)
    if user.avatar_url is None and claims.avatar_url is not None:
        user.avatar_url = claims.avatar_url
        user.updated_at = now
    tell(
        work,
        Happening.OAUTH_ACCOUNT_LINKED,
        user_id=user.id,
        now=now,
        subject_id=identity.id,
        details={"provider": provider.name},
    )
    return identity
