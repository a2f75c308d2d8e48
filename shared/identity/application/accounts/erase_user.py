"""Close somebody's account for good, and forget who they were."""

from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from shared.identity.application.accounts.delete_user import delete_user
from shared.identity.application.ports import Begin
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import NotFound

Erase = Callable[[UUID], None]
"""Forget who a person was whose account is closed; raises `NotFound` where there is none."""


def erase_user(
    begin: Begin,
    erase: Erase,
    clock: Clock,
    *,
    actor: Actor,
    user_id: UUID,
    hand_over: bool = False,
) -> None:
    """Delete them, unless that was done, and then what tells who they were.

    Should it end between the two, the account is closed, and asking again does the rest.

    Raises:
        NotFound: `USER_NOT_FOUND`.
        RuleViolation: `CANNOT_DELETE_ROOT`.
        Conflict: `LAST_OWNER`; `meta` names the organizations.
    """
    with suppress(NotFound):  # of somebody deleted before, which `erase` knows
        delete_user(begin, clock, actor=actor, user_id=user_id, hand_over=hand_over)
    erase(user_id)
