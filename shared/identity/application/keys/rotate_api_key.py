"""Put a new key in the place of one."""

from uuid import UUID

from shared.identity.application.keys.create_api_key import ShownKey, demand_may_make
from shared.identity.application.keys.key_events import told_of_new, told_of_revoked
from shared.identity.application.keys.own_service_account import own_service_account
from shared.identity.application.keys.ports import KeyMaker
from shared.identity.application.ports import Begin, IdentityUnitOfWork
from shared.identity.domain.profile import MembershipView, SignedIn
from shared.identity.domain.user import AuthMethod
from shared.kernel.clock import Clock
from shared.kernel.errors import PermissionDenied


def rotate_api_key(
    begin: Begin, keys: KeyMaker, clock: Clock, *, actor: SignedIn, key_id: UUID
) -> ShownKey:
    """The old one is worth nothing from now on; the new one may do the same until the same day.

    Whoever is shown a key can act with it. So nobody rotates another person's, and a service
    account's only who could make such a key today.

    Raises:
        NotFound: `API_KEY_NOT_FOUND`.
        PermissionDenied: `API_KEY_ACCESS_DENIED`, `FORBIDDEN` or `PERMISSION_NOT_HELD`.
        RuleViolation: `SCOPE_NOT_HELD`.
        Conflict: `API_KEY_REVOKED` or `API_KEY_EXPIRED`.
    """
    new, now = keys.new(), clock()
    with begin() as work:
        old = actor.own(work.api_keys.get(key_id), "api_key")
        if old.user_id == actor.user_id:
            belongs = actor.membership
        else:
            belongs = _service_account(work, actor, old.user_id)
        demand_may_make(actor, belongs, old.scopes)
        # Locked only now: users go before their keys.
        old = actor.own(work.api_keys.get_for_update(key_id), "api_key")
        key = old.replace(new, by=actor.user_id, now=now)
        work.api_keys.add(key)
        work.happenings.record(
            told_of_revoked(old, by=actor.user_id, at=now, replaced_by=str(key.id)),
            told_of_new(key, replaces=str(old.id)),
        )
    return ShownKey(key=key, text=new.text)


def _service_account(work: IdentityUnitOfWork, actor: SignedIn, user_id: UUID) -> MembershipView:
    user = work.users.get(user_id)
    if user is None or user.auth_method is not AuthMethod.KEY:
        raise PermissionDenied("API_KEY_ACCESS_DENIED", "This key acts as somebody else")
    _, belongs = own_service_account(work, actor.exercising("api_keys:manage"), user_id)
    return belongs
