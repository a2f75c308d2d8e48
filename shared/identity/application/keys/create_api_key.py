"""Make a key."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.identity.application.keys.key_events import told_of_new
from shared.identity.application.keys.own_service_account import own_service_account
from shared.identity.application.keys.ports import Channels, KeyMaker
from shared.identity.application.ports import Begin, IdentityUnitOfWork
from shared.identity.domain.api_key import MAXIMUM_KEYS, ApiKey
from shared.identity.domain.profile import MembershipView, SignedIn
from shared.identity.domain.standing import Standing
from shared.identity.domain.user import User
from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict, RuleViolation, Unauthenticated


@dataclass(frozen=True, kw_only=True)
class ShownKey:
    """`text` is the key itself, which nobody can tell again."""

    key: ApiKey
    text: str = field(repr=False)


def create_api_key(
    begin: Begin,
    keys: KeyMaker,
    channels: Channels,
    clock: Clock,
    *,
    actor: SignedIn,
    name: str,
    scopes: Collection[str],
    usable: Collection[str] | None,
    expires_at: datetime | None,
    service_account_id: UUID | None,
) -> ShownKey:
    """Make one that acts as the actor, or as a service account; `usable` are channels, None: all.

    Raises:
        PermissionDenied: `FORBIDDEN`, only who holds ``api_keys:manage`` makes keys for service
            accounts; `PERMISSION_NOT_HELD` by the actor.
        NotFound: `SERVICE_ACCOUNT_NOT_FOUND` or `CHANNEL_NOT_FOUND`.
        RuleViolation: `SCOPE_NOT_HELD` by the service account; see `ApiKey.make`.
        Conflict: `TOO_MANY_API_KEYS`.
    """
    if usable and (unknown := channels.unknown(usable)):
        raise RuleViolation(
            "CHANNEL_NOT_FOUND", f"There is no channel {', '.join(unknown)}", field="channels"
        )
    new, now = keys.new(), clock()
    with begin() as work:
        user, belongs = _principal(work, actor, service_account_id)
        key = ApiKey.make(
            new,
            organization_id=actor.organization_id,
            user_id=user.id,
            name=name,
            scopes=scopes,
            channels=usable,
            expires_at=expires_at,
            created_by=actor.user_id,
            now=now,
        )
        demand_may_make(actor, belongs, key.scopes)
        if len(work.api_keys.good_ones(user.id, now=now)) >= MAXIMUM_KEYS:
            raise Conflict(
                "TOO_MANY_API_KEYS", f"Nobody needs more than {MAXIMUM_KEYS} keys: revoke some"
            )
        work.api_keys.add(key)
        work.happenings.record(told_of_new(key))
    return ShownKey(key=key, text=new.text)


def demand_may_make(actor: SignedIn, belongs: MembershipView, scopes: Collection[str]) -> None:
    """Refuse what the actor does not hold, and what the key could never do.

    Keys of root do what root may as a member, never more.

    Raises:
        PermissionDenied: `PERMISSION_NOT_HELD`.
        RuleViolation: `SCOPE_NOT_HELD`.
    """
    Standing(permissions=actor.permissions).demand_holds(scopes)
    if missing := Standing(permissions=belongs.permissions).lacks(scopes):
        raise RuleViolation(
            "SCOPE_NOT_HELD",
            f"Whom the key acts as may not do {', '.join(missing)}",
            field="scopes",
            meta={"permissions": missing},
        )


def _principal(
    work: IdentityUnitOfWork, actor: SignedIn, service_account_id: UUID | None
) -> tuple[User, MembershipView]:
    if service_account_id is not None:
        manager = actor.exercising("api_keys:manage")
        return own_service_account(work, manager, service_account_id, field="service_account_id")
    user = work.users.get_for_update(actor.user_id)
    belongs = work.memberships.view(actor.organization_id, actor.user_id)
    if user is None or belongs is None:
        raise Unauthenticated("INVALID_TOKEN", "The token is invalid or expired")
    return user, belongs
