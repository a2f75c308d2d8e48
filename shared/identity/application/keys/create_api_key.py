"""Make a key."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.identity.application.accounts.lock_maker import lock_maker
from shared.identity.application.keys.create_service_account import MANAGE
from shared.identity.application.keys.key_events import told_of_new
from shared.identity.application.keys.own_service_account import own_service_account
from shared.identity.application.keys.ports import Channels, KeyMaker
from shared.identity.application.organizations.acting_standing import acting_standing
from shared.identity.application.ports import AttemptLimits, Begin, IdentityUnitOfWork, Passwords
from shared.identity.application.second_factor.own_password import demand_fresh_proof
from shared.identity.application.second_factor.security_mail import SecurityChange, write_of
from shared.identity.domain.api_key import MAXIMUM_KEYS, ApiKey
from shared.identity.domain.profile import MembershipView, SignedIn
from shared.identity.domain.standing import Standing
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, NotFound, RuleViolation, Unauthenticated


@dataclass(frozen=True, kw_only=True)
class ShownKey:
    """`text` is the key itself, which nobody can tell again."""

    key: ApiKey
    text: str = field(repr=False)


def create_api_key(  # noqa: PLR0917 collaborators
    begin: Begin,
    passwords: Passwords,
    keys: KeyMaker,
    channels: Channels,
    limits: AttemptLimits,
    clock: Clock,
    *,
    actor: SignedIn,
    name: str,
    scopes: Collection[str],
    usable: Collection[str] | None,
    expires_at: datetime | None,
    service_account_id: UUID | None,
    password: str | None,
) -> ShownKey:
    """Make one that acts as the actor, or as a service account; `usable` are channels, None: all.

    It outlives the session, so its maker proves who they are, and gets a mail of it.

    Raises:
        PermissionDenied: `FORBIDDEN`, only who holds ``api_keys:manage`` makes keys for service
            accounts; `INSUFFICIENT_ROLE`, only for those below; `PERMISSION_NOT_HELD` by the
            actor; see also `demand_fresh_proof` and `lock_maker`.
        Unauthenticated, LimitExceeded: see `demand_fresh_proof`.
        NotFound: `SERVICE_ACCOUNT_NOT_FOUND` or `CHANNEL_NOT_FOUND`.
        RuleViolation: `SCOPE_NOT_HELD` by the service account; see `ApiKey.make`.
        Conflict: `TOO_MANY_API_KEYS`.
    """
    if usable and (unknown := channels.unknown(usable)):
        raise NotFound(
            "CHANNEL_NOT_FOUND", f"There is no channel {', '.join(unknown)}", field="channels"
        )
    demand_fresh_proof(begin, passwords, limits, clock, actor=actor, password=password)
    new, now = keys.new(), clock()
    with begin() as work:
        maker = lock_maker(work, actor=actor, now=now)
        if service_account_id is None:
            belongs, standing = standing_of_own(work, actor)
        else:
            belongs, standing = standing_over(work, actor, service_account_id)
        user_id = service_account_id or actor.user_id
        key = ApiKey.make(
            new,
            organization_id=actor.organization_id,
            user_id=user_id,
            name=name,
            scopes=scopes,
            channels=usable,
            expires_at=expires_at,
            created_by=actor.user_id,
            now=now,
        )
        demand_may_make(standing, belongs, key.scopes)
        if len(work.api_keys.good_ones(user_id, now=now)) >= MAXIMUM_KEYS:
            raise Conflict(
                "TOO_MANY_API_KEYS", f"Nobody needs more than {MAXIMUM_KEYS} keys: revoke some"
            )
        work.api_keys.add(key)
        work.happenings.record(told_of_new(key))
        write_of(work, SecurityChange.API_KEY_CREATED, user=maker, now=now)
    return ShownKey(key=key, text=new.text)


def demand_may_make(standing: Standing, belongs: MembershipView, scopes: Collection[str]) -> None:
    """Refuse what the maker does not hold, and what the key could never do.

    Keys of root do what root may as a member, never more.

    Raises:
        PermissionDenied: `PERMISSION_NOT_HELD`.
        RuleViolation: `SCOPE_NOT_HELD`.
    """
    standing.demand_holds(scopes)
    if missing := Standing(permissions=belongs.permissions).lacks(scopes):
        raise RuleViolation(
            "SCOPE_NOT_HELD",
            f"Whom the key acts as may not do {', '.join(missing)}",
            field="scopes",
            meta={"permissions": missing},
        )


def standing_of_own(work: IdentityUnitOfWork, actor: SignedIn) -> tuple[MembershipView, Standing]:
    """What the actor belongs as at this moment, for a key that acts as them.

    Raises:
        Unauthenticated: `INVALID_TOKEN`; they do not belong there any more.
    """
    belongs = work.memberships.view(actor.organization_id, actor.user_id)
    if belongs is None:
        raise Unauthenticated("INVALID_TOKEN", "The token is invalid or expired")
    return belongs, Standing(permissions=belongs.permissions)


def standing_over(
    work: IdentityUnitOfWork, actor: SignedIn, account_id: UUID
) -> tuple[MembershipView, Standing]:
    """The same of a service account, which is locked, and how high the actor stands above it.

    Raises:
        PermissionDenied: `FORBIDDEN`, `SERVICE_ACCOUNT_ACCESS_DENIED` or `INSUFFICIENT_ROLE`.
        NotFound: `SERVICE_ACCOUNT_NOT_FOUND`.
    """
    manager = actor.exercising(MANAGE)
    _, belongs = own_service_account(work, manager, account_id, field="service_account_id")
    standing = acting_standing(work, actor=manager, permission=MANAGE)
    standing.demand_above(belongs.standing)
    return belongs, standing
