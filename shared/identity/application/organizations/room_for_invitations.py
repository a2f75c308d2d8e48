"""How many invitations an organization may have in other people's mailboxes at a time."""

from datetime import datetime

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.invitation import MAXIMUM_GOOD
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId


def demand_room(
    work: IdentityUnitOfWork, organization_id: OrganizationId, *, now: datetime
) -> None:
    """Refuse one more that is good; the organization is locked.

    Raises:
        Conflict: `TOO_MANY_INVITATIONS`.
    """
    if work.invitations.count_good(organization_id, now=now) >= MAXIMUM_GOOD:
        raise Conflict(
            "TOO_MANY_INVITATIONS",
            f"No more than {MAXIMUM_GOOD} invitations may be open: revoke some, or wait",
        )
