"""Register a person with a password, and give them an organization of their own."""

from collections.abc import Callable

from shared.identity.application.ports import Begin, Device, Passwords, SessionTokens
from shared.identity.application.sessions.open_session import OpenedSession, open_session
from shared.identity.domain.email import normalise_email
from shared.identity.domain.name import plain_name
from shared.identity.domain.organization import personal_organization
from shared.identity.domain.password import strength_violation
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.registration import RegistrationMode, status_at_registration
from shared.identity.domain.user import User
from shared.kernel.clock import Clock
from shared.kernel.errors import RuleViolation, RuleViolations
from shared.kernel.timezones import zone


def register(
    begin: Begin,
    passwords: Passwords,
    tokens: SessionTokens,
    clock: Clock,
    *,
    mode: RegistrationMode,
    email: str,
    password: str,
    name: str,
    timezone: str,
    locale: str,
    device: Device,
) -> OpenedSession:
    """Answer tokens at once; they begin to work when the account is active.

    Raises:
        RuleViolations: `WEAK_PASSWORD`, `INVALID_TIMEZONE`, `VALIDATION_ERROR`, all there are.
        PermissionDenied: `REGISTRATION_CLOSED`.
        Conflict: `EMAIL_ALREADY_REGISTERED`.
    """
    email = normalise_email(email)
    violations = [
        *_violations(lambda: plain_name(name)),
        *_violations(lambda: zone(timezone)),
    ]
    if weak := strength_violation(password, email=email):
        violations.append(weak)
    if violations:
        raise RuleViolations(violations)
    password_hash = passwords.hash(password)
    now = clock()
    with begin() as work:
        is_first = work.users.claim_first_place()
        user = User.register(
            email=email,
            password_hash=password_hash,
            name=plain_name(name),
            timezone=timezone,
            locale=locale,
            is_root=is_first,
            status=status_at_registration(mode, is_first=is_first),
            now=now,
        )
        work.users.add(user)
        organization, owner = personal_organization(user, now=now)
        work.organizations.add(organization, owner)
        membership = MembershipView(
            organization_id=organization.id, organization_name=organization.name, role=owner.role
        )
        return open_session(
            work, tokens, user=user, memberships=[membership], device=device, now=now
        )


def _violations(rule: Callable[[], object]) -> list[RuleViolation]:
    try:
        rule()
    except RuleViolation as violation:
        return [violation]
    return []
