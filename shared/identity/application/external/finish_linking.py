"""Link what somebody is at a provider to the account from whose session they set out."""

from datetime import datetime
from uuid import UUID

from shared.identity.application.external.link_identity import link_identity
from shared.identity.application.external.ports import IdentityProvider
from shared.identity.application.ports import Begin
from shared.identity.application.second_factor.own_change import tell
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.domain.external_identity import ExternalClaims, ExternalIdentity
from shared.identity.domain.user import demand_active
from shared.kernel.errors import PermissionDenied, Unauthenticated
from shared.kernel.happenings import Happening


def finish_linking(
    begin: Begin,
    provider: IdentityProvider,
    *,
    user_id: UUID,
    session_id: UUID,
    claims: ExternalClaims,
    now: datetime,
) -> ExternalIdentity:
    """The session must still be there: one that was ended gives nobody a way in.

    The account's own address must be verified, or be the one the provider vouches for, which
    verifies it. Else somebody could register another's address, link what is theirs, and still
    get in when the owner has come by the mailbox and changed the password.

    Raises:
        Unauthenticated: `INVALID_TOKEN`.
        PermissionDenied: `EMAIL_NOT_VERIFIED`, here or there; or see `demand_active`.
        Conflict: see `link_identity`.
    """
    with begin() as work:
        user = work.users.get_for_update(user_id)
        session = work.sessions.get_for_update(session_id)
        if user is None or session is None or not session.is_live(now):
            raise Unauthenticated("INVALID_TOKEN", "The session that began this has ended")
        demand_active(user.status)
        if user.email_verified_at is None:
            if claims.verified_email != user.email:
                raise PermissionDenied(
                    "EMAIL_NOT_VERIFIED", "Verify the e-mail address of your account first"
                )
            user.email_verified_at = now
            tell(work, Happening.EMAIL_VERIFIED, user_id=user.id, now=now)
        write_of(work, SecurityChange.IDENTITY_LINKED, user=user, now=now)
        return link_identity(work, provider, user=user, claims=claims, now=now)
