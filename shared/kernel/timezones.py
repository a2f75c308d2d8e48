"""Time zones by their IANA names."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from shared.kernel.errors import RuleViolation

_NO_PLACES = {"Factory", "localtime", "posixrules"}
"""Names that systems give to their own setting, or to none."""


@cache
def _names() -> frozenset[str]:
    """Read once, when first asked for: where the system has zones of its own, it opens them all."""
    return frozenset(available_timezones() - _NO_PLACES)


def zone(name: str) -> ZoneInfo:
    """Find a zone by its name; a name that is not on the list is never taken for a file's.

    Raises:
        RuleViolation: `INVALID_TIMEZONE`.
    """
    if name not in _names():
        raise RuleViolation(
            "INVALID_TIMEZONE", "This is not a time zone such as Europe/Berlin", field="timezone"
        )
    return ZoneInfo(name)
