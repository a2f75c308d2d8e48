"""A time zone has a name that IANA gave it, not one that means a file of this machine."""

import os
import subprocess
import sys
from zoneinfo import TZPATH

import pytest

from shared.kernel.errors import RuleViolation
from shared.kernel.timezones import zone

LOCAL = ("localtime", "posixrules", "Factory", "posix/UTC", "right/UTC", *TZPATH)
ELSEWHERE = ("../etc/passwd", "/etc/passwd", "/etc/localtime", "Europe", "Europe/", "tzdata.zi")
NOWHERE = ("", "Mars/Olympus", "europe/berlin", " UTC", "\x00", "x" * 10_000)


@pytest.mark.parametrize(
    "name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Calcutta"]
)
def test_zones_are_found_by_their_names(name: str) -> None:
    assert zone(name).key == name


@pytest.mark.parametrize("name", [*LOCAL, *ELSEWHERE, *NOWHERE])
def test_what_is_no_name_of_a_zone_is_refused(name: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        zone(name)
    assert (refused.value.code, refused.value.field) == ("INVALID_TIMEZONE", "timezone")


def test_a_machine_without_zones_of_its_own_knows_them_too() -> None:
    """On Lambda there is nothing but the package tzdata."""
    subprocess.run(
        [sys.executable, "-c", "from shared.kernel.timezones import zone; zone('Europe/Berlin')"],
        env={**os.environ, "PYTHONTZPATH": ""},
        check=True,
    )
