"""Leave an organization; the session goes on in another one."""

from shared.identity.application.organizations.acting_standing import lock_organization
from shared.identity.application.organizations.end_membership import end_membership
from shared.identity.application.ports import Begin, SessionTokens
from shared.identity.application.sessions.move_session import lock_session, move_session
from shared.identity.application.sessions.open_session import OpenedSession
from shared.identity.domain.profile import SignedIn
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound


def leave_organization(
    begin: Begin, tokens: SessionTokens, clock: Clock, *, actor: SignedIn, browser: bool
) -> OpenedSession:
    """Answer tokens for the oldest organization that is left; other sessions there end.

    Raises:
        NotFound: `MEMBER_NOT_FOUND`; somebody was faster.
        Conflict: `LAST_OWNER`.
        Unauthenticated, PermissionDenied: see `lock_session`.
    """
    with begin() as work:
        now = clock()
        user, session = lock_session(work, actor=actor, now=now)
        work.sessions.open_ones(user.id)
        lock_organization(work, actor)
        membership = work.memberships.get(actor.organization_id, user.id)
        if membership is None:
            raise NotFound("MEMBER_NOT_FOUND", "You do not belong to it any more")
        end_membership(
            work,
            user=user,
            membership=membership,
            ended_by=user.id,
            now=now,
            but=session.id,
        )
        memberships = work.organizations.of(user.id)
        return move_session(
            work,
            tokens,
            user=user,
            session=session,
            memberships=memberships,
            to=memberships[0],
            now=now,
            browser=browser,
        )
