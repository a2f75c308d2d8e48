"""Turn a flag, for the whole platform or for some organizations."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.kernel.clock import Clock
from shared.operations.domain.flag import DECLARED, Flag, FlagChanges, demand_declared


class Flags(Protocol):
    def own(self, key: str) -> Flag | None:
        """One that root has made."""

    def change(self, declared: Flag, changes: FlagChanges, *, by: UUID, at: datetime) -> Flag:
        """Change a flag that is as declared or was changed before; answers what it is now."""


BeginFlags = Callable[[], AbstractContextManager[Flags]]


def change_flag(
    begin: BeginFlags, clock: Clock, *, by: UUID, key: str, changes: FlagChanges
) -> Flag:
    """Everybody goes by it at once, but for who has just looked.

    Raises:
        NotFound: `FEATURE_FLAG_NOT_FOUND`.
    """
    with begin() as flags:
        known = DECLARED.get(key) or flags.own(key) or demand_declared(key)
        return flags.change(known, changes, by=by, at=clock())
