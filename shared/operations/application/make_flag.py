"""Make a flag that no code declares, for front ends to go by, and let go of flags again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.errors import Conflict
from shared.operations.domain.flag import DECLARED, Flag, demand_declared


class Flags(Protocol):
    def make(self, flag: Flag, *, by: UUID, at: datetime) -> Flag | None:
        """Nothing where there is one of that key."""

    def forget(self, key: str) -> bool:
        """Whether there was anything kept of it."""


BeginFlags = Callable[[], AbstractContextManager[Flags]]


def make_flag(begin: BeginFlags, clock: Clock, *, by: UUID, flag: Flag) -> Flag:
    """Keep it.

    Raises:
        Conflict: `FEATURE_FLAG_ALREADY_EXISTS`.
    """
    with begin() as flags:
        made = None if flag.key in DECLARED else flags.make(flag, by=by, at=clock())
    if made is None:
        raise Conflict("FEATURE_FLAG_ALREADY_EXISTS", "There is a feature flag of that key")
    return made


def let_go_of_flag(begin: BeginFlags, *, key: str) -> None:
    """One that code declares is as it declares it again, any other is gone.

    Raises:
        NotFound: `FEATURE_FLAG_NOT_FOUND`.
    """
    with begin() as flags:
        if not flags.forget(key):
            demand_declared(key)
