"""Go on in another organization, in the same session."""

from uuid import UUID

from shared.identity.application.ports import Begin, SessionTokens
from shared.identity.application.sessions.move_session import lock_session, move_session
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound, PermissionDenied


def switch_organization(
    begin: Begin,
    tokens: SessionTokens,
    clock: Clock,
    *,
    actor: SignedIn,
    organization_id: UUID,
    browser: bool,
) -> OpenedSession:
    """Answer tokens for the other organization.

    Raises:
        NotFound: `ORGANIZATION_NOT_FOUND`.
        PermissionDenied: `ORGANIZATION_ACCESS_DENIED`, or the account is not active.
        Unauthenticated: `INVALID_TOKEN`; the session ended meanwhile.
    """
    with begin() as work:
        now = clock()
        user, session = lock_session(work, actor=actor, now=now)
        memberships = work.organizations.of(user.id)
        chosen = [each for each in memberships if each.organization_id == organization_id]
        if not chosen and not work.organizations.exists(organization_id):
            raise NotFound("ORGANIZATION_NOT_FOUND", "There is no such organization")
        if not chosen:
            raise PermissionDenied("ORGANIZATION_ACCESS_DENIED", "You do not belong to it")
        return move_session(
            work,
            tokens,
            user=user,
            session=session,
            memberships=memberships,
            to=chosen[0],
            now=now,
            browser=browser,
        )
