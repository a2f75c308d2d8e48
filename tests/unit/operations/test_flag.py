"""When a flag is on."""

from typing import Any
from uuid import UUID

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


ORGANIZATIONS = [UUID(int=number) for number in range(1000)]


def _flag(**changes: Any) -> Flag:
    return Flag(**{"key": "a.b", "value": True, "description": "", "is_enabled": True, **changes})


@pytest.mark.parametrize("percentage", [0, 1, 30, 99, 100])
def test_a_share_of_all_organizations_has_it_and_keeps_it(percentage: int) -> None:
    flag = _flag(percentage=percentage)
    having = [each for each in ORGANIZATIONS if flag.is_on_for(each)]
    assert abs(len(having) / 10 - percentage) < 5
    more = _flag(percentage=min(percentage + 20, 100))
    assert all(more.is_on_for(each) for each in having)
    assert not flag.is_on_for(None)


def test_another_flag_is_for_another_share() -> None:
    chosen = [
        {each for each in ORGANIZATIONS if _flag(key=key, percentage=30).is_on_for(each)}
        for key in ("a.b", "a.c")
    ]
    assert chosen[0] != chosen[1]


def test_who_is_named_has_it_besides() -> None:
    named, other = ORGANIZATIONS[:2]
    for flag in (
        _flag(organization_ids=[str(named)]),
        _flag(organization_ids=[str(named)], percentage=0),
    ):
        assert flag.is_on_for(named)
        assert not flag.is_on_for(other)
    assert not _flag(organization_ids=[str(named)], is_enabled=False).is_on_for(named)


def test_without_a_choice_it_is_for_everybody() -> None:
    assert _flag().is_on_for(None)
    assert _flag().is_on_for(ORGANIZATIONS[0])
