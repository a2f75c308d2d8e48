"""Each role may do what the ones below it may, and more or the same."""

from itertools import pairwise

import pytest

from shared.identity.domain.permissions import CATALOGUE, EVERY_WORD, PLATFORM, is_held
from shared.identity.domain.roles import PERMISSIONS, ROOT_PERMISSIONS, Role


@pytest.mark.parametrize(("above", "below"), list(pairwise(Role)))
def test_roles_include_the_roles_below(above: Role, below: Role) -> None:
    assert PERMISSIONS[above] >= PERMISSIONS[below]
    assert above.is_above(below)
    assert not below.is_above(above)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("viewer", "members:read", "posts:write:own"),
        ("viewer", "schedules:read", "api_keys:read"),
        ("user", "posts:delete:own", "posts:delete"),
        ("user", "schedules:write:own", "schedules:write"),
        ("editor", "posts:delete", "channels:connect"),
        ("editor", "schedules:write", "members:manage"),
        ("admin", "roles:manage", "users:read"),
        ("owner", "organization:update", "users:approve"),
    ],
)
def test_where_each_role_ends(role: Role, may: str, may_not: str) -> None:
    assert is_held(may, PERMISSIONS[role])
    assert not is_held(may_not, PERMISSIONS[role])


def test_an_owner_may_everything_within_an_organization() -> None:
    assert all(is_held(word, PERMISSIONS[Role.OWNER]) for word in EVERY_WORD)


def test_roles_are_made_of_known_words_and_root_holds_the_platforms_too() -> None:
    assert all(held <= EVERY_WORD for held in PERMISSIONS.values())
    assert CATALOGUE.keys() | PLATFORM.keys() <= ROOT_PERMISSIONS
