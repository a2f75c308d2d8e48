"""End a user's other sessions in an organization that allows one at a time."""

from datetime import datetime

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.organization import SessionPolicy
from shared.identity.domain.user_session import SessionEnd, UserSession
from shared.kernel.happenings import Happened, Happening


def keep_single_session(work: IdentityUnitOfWork, *, session: UserSession, now: datetime) -> None:
    """`session` begins in its organization, by a login or by switching there.

    The caller has locked the user's row, so that of two that begin at once one stays.
    """
    if work.organizations.session_policy(session.organization_id) is SessionPolicy.MULTIPLE:
        return
    for older in work.sessions.open_ones(session.user_id):
        if older.id == session.id or older.organization_id != session.organization_id:
            continue
        older.end(now, SessionEnd.KICKED)
        work.happenings.record(
            Happened(
                what=Happening.SESSION_KICKED,
                organization_id=session.organization_id,
                subject_id=older.id,
                actor_id=session.user_id,
                at=now,
                details={"by_session_id": str(session.id)},
            )
        )
