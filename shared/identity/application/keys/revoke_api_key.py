"""Make a key worth nothing."""

from uuid import UUID

from shared.identity.application.keys.key_events import told_of_revoked
from shared.identity.application.ports import Begin
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock


def revoke_api_key(begin: Begin, clock: Clock, *, actor: Actor, key_id: UUID) -> None:
    """From now on it proves nobody; a second time changes nothing.

    Raises:
        NotFound: `API_KEY_NOT_FOUND`.
        PermissionDenied: `API_KEY_ACCESS_DENIED`.
    """
    now = clock()
    with begin() as work:
        key = actor.own(work.api_keys.get_for_update(key_id), "api_key")
        if key.revoked_at is None:
            key.revoke(by=actor.user_id, now=now)
            work.happenings.record(told_of_revoked(key, by=actor.user_id, at=now))
