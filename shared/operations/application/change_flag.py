"""Turn a flag, for the whole platform."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.kernel.clock import Clock
from shared.operations.domain.flag import Flag, FlagChanges, demand_declared


class Flags(Protocol):
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
    declared = demand_declared(key)
    with begin() as flags:
        return flags.change(declared, changes, by=by, at=clock())
