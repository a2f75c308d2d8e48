"""What a process and its children take of the machine, as Linux counts it (man 5 proc)."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_KIBIBYTE = 1024
_PARENT, _USER, _SYSTEM = 1, 11, 12


def cpu_seconds(pid: int) -> float:
    """Of all its threads and children, in user and in system mode, since they began."""
    return sum(
        (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS
        for each in family(pid)
        if (fields := _stat(each))
    )


def resident_bytes(pid: int) -> int:
    """Memory that is there for it and its children; each has its share of what several have.

    Linux calls it the proportional set size: added up, no page counts twice.
    """
    return sum(_proportional_kibibytes(each) * _KIBIBYTE for each in family(pid))


def family(pid: int) -> list[int]:
    """The process with all that descend from it."""
    parents = {
        int(entry.name): int(fields[_PARENT])
        for entry in Path("/proc").glob("[0-9]*")
        if (fields := _stat(int(entry.name)))
    }
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def parent_of(pid: int) -> int:
    return int(_stat(pid)[_PARENT])


def _proportional_kibibytes(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except ProcessLookupError:  # it has ended since its family was counted
        return 0
    return int(told.partition("\nPss:")[2].split()[0])


def _stat(pid: int) -> list[str]:
    """What follows the program's name: state, parent, group, …"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
