"""What root does beyond their role in an organization, written down."""

from shared.identity.adapters.happenings import IdentityHappenings
from shared.identity.domain.permissions import PLATFORM
from shared.identity.domain.profile import SignedIn
from shared.infrastructure.database import transaction
from shared.kernel.clock import utc_now
from shared.kernel.happenings import Happened, Happening


def record_bypass(actor: SignedIn, permission: str, request: str) -> None:
    """Tell of a change that only root's flag allows, before it is done.

    So nothing is done that is not told of, and what then fails is told of as well. To look is no
    change, and what is root's by office bypasses nothing. `request` is a method and a path.
    """
    is_a_look = permission.endswith(":read")
    if is_a_look or permission in PLATFORM or permission in actor.membership.permissions:
        return
    with transaction() as session:
        IdentityHappenings(session).record(
            Happened(
                what=Happening.ROOT_BYPASS,
                organization_id=actor.organization_id,
                subject_id=actor.organization_id,
                actor_id=actor.user_id,
                at=utc_now(),
                details={
                    "permission": permission,
                    "request": request,
                    "role": actor.membership.role_name,
                },
            )
        )
