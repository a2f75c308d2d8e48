"""Register a person with a password, and give them an organization of their own."""

from collections.abc import Callable
from datetime import datetime

from shared.identity.application.accounts.mailed_secret import MailedSecret
from shared.identity.application.accounts.open_account import open_account
from shared.identity.application.accounts.warn_holder import warn_holder
from shared.identity.application.organizations.accept_invitation import accept_within
from shared.identity.application.organizations.good_invitation import good_invitation
from shared.identity.application.ports import (
    AttemptLimits,
    Begin,
    Device,
    IdentityUnitOfWork,
    Links,
    OneTimeSecrets,
    Passwords,
    SessionTokens,
)
from shared.identity.application.sessions.open_session import OpenedSession, open_session
from shared.identity.domain.attempts import TAKEN_BY_ADDRESS
from shared.identity.domain.email import local_part, normalise_email
from shared.identity.domain.name import plain_name
from shared.identity.domain.password import strength_violation
from shared.identity.domain.registration import RegistrationMode, status_at_registration
from shared.identity.domain.user import User
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, RuleViolation, RuleViolations
from shared.kernel.happenings import Happening
from shared.kernel.timezones import zone


def register(  # noqa: PLR0917 collaborators
    begin: Begin,
    passwords: Passwords,
    tokens: SessionTokens,
    secrets: OneTimeSecrets,
    links: Links,
    limits: AttemptLimits,
    clock: Clock,
    *,
    mode: RegistrationMode,
    demands_verification: bool,
    email: str,
    password: str,
    name: str | None,
    timezone: str,
    locale: str,
    device: Device,
    browser: bool = False,
    invitation_token: str | None = None,
) -> OpenedSession:
    """Answer tokens at once; they begin to work when the account is active.

    Without a `name` the person is called what comes before the at sign. That the address has an
    account cannot be hidden, for otherwise there are tokens; it is told a few times only, and the
    holder is told, too.

    Raises:
        RuleViolations: `WEAK_PASSWORD`, `INVALID_TIMEZONE`, `VALIDATION_ERROR`, all there are.
        PermissionDenied: `REGISTRATION_CLOSED`; see also `accept_within`.
        NotFound: see `accept_within`.
        Conflict: `EMAIL_ALREADY_REGISTERED`; see also `accept_within`.
        LimitExceeded: `TOO_MANY_ATTEMPTS`; at addresses that have an account.
    """
    email = normalise_email(email)
    name = local_part(email) if name is None else name
    _demand_sound(email=email, password=password, name=name, timezone=timezone)
    asked_around = TAKEN_BY_ADDRESS.at(device.address)
    limits.check(asked_around)
    password_hash = passwords.hash(password)
    now = clock()
    try:
        with begin() as work:
            is_first = work.users.claim_first_place()
            user = User.register(
                email=email,
                password_hash=password_hash,
                name=plain_name(name),
                timezone=timezone,
                locale=locale,
                is_root=is_first,
                status=status_at_registration(
                    mode,
                    is_first=is_first,
                    is_invited=invitation_token is not None,
                    awaits_verification=demands_verification,
                ),
                now=now,
            )
            if invitation_token is None:
                _welcome(work, secrets, links, user=user, device=device, now=now)
            else:
                token_hash = secrets.hash(invitation_token)
                # Before the address is looked at: nobody asks around without an invitation to it.
                good_invitation(work, token_hash=token_hash, email=email, now=now)
                open_account(
                    work, user=user, what=Happening.USER_REGISTERED, device=device, now=now
                )
                accept_within(work, user=user, token_hash=token_hash, now=now)
            return open_session(
                work,
                tokens,
                user=user,
                memberships=work.organizations.of(user.id),
                device=device,
                now=now,
                browser=browser,
            )
    except Conflict as conflict:
        if conflict.code == "EMAIL_ALREADY_REGISTERED":
            limits.count(asked_around)
            warn_holder(begin, limits, email=email, now=now)
        raise


def _demand_sound(*, email: str, password: str, name: str, timezone: str) -> None:
    violations = [
        *_violations(lambda: plain_name(name)),
        *_violations(lambda: zone(timezone)),
    ]
    if weak := strength_violation(password, email=email):
        violations.append(weak)
    if violations:
        raise RuleViolations(violations)


def _violations(rule: Callable[[], object]) -> list[RuleViolation]:
    try:
        rule()
    except RuleViolation as violation:
        return [violation]
    return []


def _welcome(
    work: IdentityUnitOfWork,
    secrets: OneTimeSecrets,
    links: Links,
    *,
    user: User,
    device: Device,
    now: datetime,
) -> None:
    """With a link to verify the address."""
    secret, secret_hash = secrets.new()
    open_account(
        work,
        user=user,
        what=Happening.USER_REGISTERED,
        device=device,
        verification_link=links.verify_email(secret),
        now=now,
    )
    work.one_time_tokens.add(MailedSecret.VERIFICATION.token(user, secret_hash, now=now))
