"""A secret that comes by mail: whoever has it reads the mail of that address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from shared.identity.application.ports import IdentityUnitOfWork, OneTimeSecrets
from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.user import User
from shared.kernel.ids import OrganizationId, new_id


@dataclass(frozen=True)
class _Kind:
    purpose: TokenPurpose
    template: str
    lasts: timedelta


class MailedSecret(Enum):
    VERIFICATION = _Kind(TokenPurpose.EMAIL_VERIFICATION, "verify_email", timedelta(days=3))
    PASSWORD_RESET = _Kind(TokenPurpose.PASSWORD_RESET, "password_reset", timedelta(minutes=30))
    PASSWORD_RESET_FORCED = _Kind(
        TokenPurpose.PASSWORD_RESET, "password_reset_forced", timedelta(minutes=30)
    )
    """Not asked for by whoever gets it, and the password there was counts no more."""

    def token(self, user: User | None, token_hash: str, *, now: datetime) -> OneTimeToken:
        """Nobody's opens nothing."""
        return OneTimeToken(
            id=new_id(),
            purpose=self.value.purpose,
            token_hash=token_hash,
            user_id=user.id if user else None,
            created_at=now,
            expires_at=now + self.value.lasts,
        )


def mail_secret(
    work: IdentityUnitOfWork,
    secrets: OneTimeSecrets,
    kind: MailedSecret,
    *,
    user: User | None,
    link: Callable[[str], str],
    now: datetime,
) -> OrganizationId | None:
    """Send a new secret, beside older ones, which stay good: who asks may not be who waits.

    For nobody it takes as long, and nobody gets anything. Answers the person's own organization.
    """
    secret, secret_hash = secrets.new()
    work.one_time_tokens.add(kind.token(user, secret_hash, now=now))
    memberships = work.organizations.of(user.id if user else new_id())
    parameters = {
        "name": user.name if user else "",
        "link": link(secret),
        "minutes": int(kind.value.lasts.total_seconds()) // 60,
    }
    if user is None:
        work.outbox.mail_nobody(kind.value.template, parameters=parameters)
        return None
    own = memberships[0].organization_id
    work.outbox.mail(
        kind.value.template,
        to=user.email,
        locale=user.locale,
        organization_id=own,
        at=now,
        parameters=parameters,
    )
    return own
