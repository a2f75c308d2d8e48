"""Errors carry what the caller needs to act."""

import pytest

from shared.kernel.clock import utc_now
from shared.kernel.errors import LimitExceeded, RuleViolation, RuleViolations, broken, demand_none


def test_several_violations_speak_with_the_voice_of_the_first() -> None:
    first = RuleViolation("TOO_SHORT", "At least 8 characters", field="password", meta={"least": 8})
    both = RuleViolations([first, RuleViolation("NO_DIGIT", "A digit is needed")])
    assert (both.code, both.field, both.meta) == ("TOO_SHORT", "password", {"least": 8})
    assert [violation.code for violation in both.violations] == ["TOO_SHORT", "NO_DIGIT"]
    assert str(both) == "At least 8 characters"


def _raise(error: Exception) -> None:
    raise error


def test_what_is_broken_is_told_with_its_field_and_together() -> None:
    one = RuleViolation("TOO_SHORT", "At least 8 characters", field="text", meta={"least": 8})
    several = RuleViolations([one, RuleViolation("NO_DIGIT", "A digit is needed", field="x.0")])
    found = [
        *broken(lambda: None, "name"),
        *broken(lambda: _raise(one), "password"),
        *broken(lambda: _raise(several), "passwords"),
    ]
    assert [(each.field, each.meta) for each in found] == [
        ("password", {"least": 8}),
        ("text", {"least": 8}),
        ("x.0", None),
    ]
    with pytest.raises(RuleViolations) as refused:
        demand_none(found)
    assert refused.value.violations == found
    demand_none([])


def test_a_limit_says_when_to_come_back() -> None:
    limit = LimitExceeded("TOO_MANY", "Slow down", retry_after=30)
    assert limit.retry_after == 30
    assert limit.meta == {"retry_after": 30}


def test_the_clock_is_aware_and_in_utc() -> None:
    offset = utc_now().utcoffset()
    assert offset is not None
    assert not offset
