"""A share of one core, as Linux's control groups hand it out: what Lambda gives by memory.

The kernel is told to in slices of 20 ms, so that a process waits often and briefly.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WHOLE_CORE_MIB = 1769
"""Memory at which a function has one core. Source: AWS, "Configure Lambda function memory"."""

_FIRST, _SECOND = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")
_SLICE = 20_000
_FEWEST = 1_000


def of_memory(mebibytes: int) -> float:
    """The cores that Lambda gives with so much memory."""
    return mebibytes / WHOLE_CORE_MIB


@contextmanager
def share_of_a_core(share: float) -> Iterator[None]:
    """All threads of this process have no more than that, until the block ends.

    Raises:
        OSError: only root may ask that, where control groups can be written.
    """
    quota = max(_FEWEST, round(share * _SLICE))
    is_first = (_FIRST / "cpu.cfs_quota_us").exists()
    root = _FIRST if is_first else _SECOND
    group = root / f"luxaris-{os.getpid()}"
    group.mkdir()
    try:
        if is_first:
            (group / "cpu.cfs_period_us").write_text(str(_SLICE))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            (group / "cpu.max").write_text(f"{quota} {_SLICE}")
        (group / "cgroup.procs").write_text(str(os.getpid()))
        try:
            yield
        finally:
            (root / "cgroup.procs").write_text(str(os.getpid()))
    finally:
        group.rmdir()
