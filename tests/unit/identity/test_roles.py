"""Each role may do what the ones below it may, and more or the same."""

from itertools import pairwise

import pytest

from shared.identity.domain.roles import (
    PERMISSIONS,
    PLATFORM_PERMISSIONS,
    Role,
    permissions_of,
)


@pytest.mark.parametrize(("above", "below"), list(pairwise(Role)))
def test_roles_include_the_roles_below(above: Role, below: Role) -> None:
    assert PERMISSIONS[above] >= PERMISSIONS[below]


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("viewer", "posts:read", "posts:write"),
        ("user", "schedules:write", "posts:delete"),
        ("editor", "posts:delete", "channels:connect"),
        ("admin", "channels:disconnect", "users:read"),
        ("owner", "channels:connect", "users:approve"),
    ],
)
def test_where_each_role_ends(role: Role, may: str, may_not: str) -> None:
    held = permissions_of(role, is_root=False)
    assert may in held
    assert may_not not in held


def test_root_holds_every_word_even_as_a_viewer() -> None:
    every = frozenset().union(*PERMISSIONS.values()) | PLATFORM_PERMISSIONS
    assert permissions_of(Role.VIEWER, is_root=True) == every
