"""Tags are the organization's: who changes one changes the posts of everybody."""

from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied


def demand_everybodys(actor: Actor) -> None:
    """Refuse whoever reaches only what they have written themselves.

    Raises:
        PermissionDenied: `TAG_ACCESS_DENIED`.
    """
    if actor.only_own:
        raise PermissionDenied(
            "TAG_ACCESS_DENIED", "This tag is on others' posts as well, which are not yours"
        )
