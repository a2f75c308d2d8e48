"""Put a new key in the place of one."""

from uuid import UUID

from shared.identity.application.accounts.lock_maker import lock_maker
from shared.identity.application.keys.create_api_key import (
    ShownKey,
    demand_may_make,
    standing_of_own,
    standing_over,
)
from shared.identity.application.keys.key_events import told_of_new, told_of_revoked
from shared.identity.application.keys.ports import KeyMaker
from shared.identity.application.ports import AttemptLimits, Begin, IdentityUnitOfWork, Passwords
from shared.identity.application.second_factor.own_password import demand_fresh_proof
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.domain.profile import MembershipView, SignedIn
from shared.identity.domain.standing import Standing
from shared.identity.domain.user import AuthMethod
from shared.kernel.clock import Clock
from shared.kernel.errors import PermissionDenied


def rotate_api_key(
    begin: Begin,
    passwords: Passwords,
    keys: KeyMaker,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    key_id: UUID,
    password: str | None,
) -> ShownKey:
    """The old one is worth nothing from now on; the new one may do the same until the same day.

    Whoever is shown a key can act with it. So nobody rotates another person's, and a service
    account's only who could make such a key today.

    Raises:
        NotFound: `API_KEY_NOT_FOUND`.
        PermissionDenied: `API_KEY_ACCESS_DENIED`, `FORBIDDEN`, `INSUFFICIENT_ROLE` or
            `PERMISSION_NOT_HELD`; see also `demand_fresh_proof` and `lock_maker`.
        RuleViolation: `SCOPE_NOT_HELD`.
        Conflict: `API_KEY_REVOKED` or `API_KEY_EXPIRED`.
        Unauthenticated, LimitExceeded: see `demand_fresh_proof`.
    """
    demand_fresh_proof(begin, passwords, limits, clock, actor=actor, password=password)
    new, now = keys.new(), clock()
    with begin() as work:
        maker = lock_maker(work, actor=actor, now=now)
        old = actor.own(work.api_keys.get(key_id), "api_key")
        if old.user_id == actor.user_id:
            belongs, standing = standing_of_own(work, actor)
        else:
            belongs, standing = _standing_over_program(work, actor, old.user_id)
        demand_may_make(standing, belongs, old.scopes)
        # Locked only now: users go before their keys.
        old = actor.own(work.api_keys.get_for_update(key_id), "api_key")
        key = old.replace(new, by=actor.user_id, now=now)
        work.api_keys.add(key)
        work.happenings.record(
            told_of_revoked(old, by=actor.user_id, at=now, replaced_by=str(key.id)),
            told_of_new(key, replaces=str(old.id)),
        )
        write_of(work, SecurityChange.API_KEY_ROTATED, user=maker, now=now)
    return ShownKey(key=key, text=new.text)


def _standing_over_program(
    work: IdentityUnitOfWork, actor: SignedIn, user_id: UUID
) -> tuple[MembershipView, Standing]:
    user = work.users.get(user_id)
    if user is None or user.auth_method is not AuthMethod.KEY:
        raise PermissionDenied("API_KEY_ACCESS_DENIED", "This key acts as somebody else")
    return standing_over(work, actor, user_id)
