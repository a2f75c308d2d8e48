"""Which account somebody gets whom an identity provider vouches for."""

from datetime import datetime

from shared.identity.application.accounts.open_account import open_account
from shared.identity.application.external.link_identity import link_identity
from shared.identity.application.external.ports import IdentityProvider
from shared.identity.application.organizations.accept_invitation import accept_within
from shared.identity.application.ports import (
    Device,
    IdentityUnitOfWork,
)
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.domain.external_identity import ExternalClaims
from shared.identity.domain.registration import RegistrationMode, status_at_registration
from shared.identity.domain.user import User
from shared.kernel.errors import Conflict
from shared.kernel.happenings import Happening


def account_of(
    work: IdentityUnitOfWork,
    provider: IdentityProvider,
    *,
    claims: ExternalClaims,
    invitation_hash: str | None = None,
    mode: RegistrationMode,
    device: Device,
    now: datetime,
) -> User:
    """The account, whatever its state, its row locked or new.

    1. Issuer and subject are known: that account, whatever the e-mail address is by now.
    2. An account has the same e-mail address, which the provider has verified *and we have, too*:
       that account, linked from now on. Had we not, somebody may have registered the address
       before its owner came, to wait with a password of their own for what the owner will keep
       there (a "pre-hijacked" account; Sudhodanan and Paverd, USENIX Security 2022). So it is
       left alone, and the owner goes by the mailbox: resetting the password verifies the address,
       ends all sessions and takes the stranger's password away; after that, they are linked.
    3. Else a new one, without a password, in the registration mode; whoever came by an invitation
       joins its organization. Who has an account accepts it when they are signed in.

    Raises:
        PermissionDenied: `EMAIL_NOT_VERIFIED` or `REGISTRATION_CLOSED`; see `accept_within`.
        NotFound: see `accept_within`.
        Conflict: `EMAIL_ALREADY_REGISTERED`, an account whose address we have not verified;
            `PROVIDER_ALREADY_LINKED`, one that belongs to somebody else at this provider.
    """
    owner = work.external_identities.owner(claims.issuer, claims.subject)
    user = work.users.get_for_update(owner) if owner else None
    if user is not None:
        for identity in work.external_identities.of(user.id):
            if identity.is_of(claims):
                identity.note_use(claims, now=now)
                return user
    email = claims.verified_email
    known = work.users.by_email(email)
    user = work.users.get_for_update(known.id) if known else None
    if user is None:
        is_invited = invitation_hash is not None
        user = _newcomer(work, claims, mode=mode, is_invited=is_invited, now=now)
        open_account(
            work, user=user, what=Happening.USER_REGISTERED_VIA_OAUTH, now=now, device=device
        )
        if invitation_hash is not None:
            accept_within(work, user=user, token_hash=invitation_hash, now=now)
    elif user.email_verified_at is None:
        raise Conflict(
            "EMAIL_ALREADY_REGISTERED",
            "There is an account with this e-mail address, which was never verified: reset its"
            " password, or verify the address, and sign in here again",
        )
    else:
        write_of(work, SecurityChange.IDENTITY_LINKED, user=user, now=now)
    link_identity(work, provider, user=user, claims=claims, now=now)
    return user


def _newcomer(
    work: IdentityUnitOfWork,
    claims: ExternalClaims,
    *,
    mode: RegistrationMode,
    is_invited: bool,
    now: datetime,
) -> User:
    is_first = work.users.claim_first_place()
    return User.register_externally(
        email=claims.verified_email,
        name=claims.display_name,
        avatar_url=claims.avatar_url,
        timezone=claims.timezone or "UTC",
        locale=claims.locale or "en",
        is_root=is_first,
        status=status_at_registration(mode, is_first=is_first, is_invited=is_invited),
        now=now,
    )
