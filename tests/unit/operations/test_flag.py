"""When a flag is on."""

from typing import Any

import pytest

from shared.kernel.errors import NotFound
from shared.operations.domain.flag import DECLARED, MAINTENANCE_MODE, Flag, demand_declared


@pytest.mark.parametrize(
    ("value", "is_on"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("TRUE", True),
        ("false", False),
        ("yes", False),
        ("", False),
        (1, True),
        (0, False),
        ([], False),
        ({"percent": 5}, True),
    ],
)
def test_its_value_counts_while_it_is_enabled(value: Any, *, is_on: bool) -> None:
    enabled = Flag(key="a.b", value=value, description="", is_enabled=True)
    disabled = Flag(key="a.b", value=value, description="", is_enabled=False)
    assert (enabled.is_on, disabled.is_on) == (is_on, False)


def test_flags_are_declared_by_key_in_order() -> None:
    assert list(DECLARED) == sorted(DECLARED)
    assert all(key == flag.key for key, flag in DECLARED.items())
    assert not DECLARED[MAINTENANCE_MODE].is_on


def test_there_are_no_others() -> None:
    with pytest.raises(NotFound) as raised:
        demand_declared("posts.telepathy")
    assert raised.value.code == "FEATURE_FLAG_NOT_FOUND"
