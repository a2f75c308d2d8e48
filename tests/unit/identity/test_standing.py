"""Nobody manages an equal or a higher member, and nobody gives what they do not hold."""

import pytest

from shared.identity.domain.roles import PERMISSIONS, Role
from shared.identity.domain.standing import ROOT, Standing
from shared.kernel.errors import PermissionDenied

OWNER, ADMIN, EDITOR, USER, VIEWER = map(Standing.of_role, Role)


def _custom(*words: str) -> Standing:
    return Standing(permissions=frozenset(words))


READER = _custom("posts:read")
WRITER = _custom("posts:read", "posts:write")
OWN_WRITER = _custom("posts:read", "posts:write:own")
ALL_WORDS = Standing(permissions=PERMISSIONS[Role.OWNER])
PERSONNEL = Standing(permissions=PERMISSIONS[Role.VIEWER] | {"members:manage"})
RAISED_EDITOR = Standing(role=Role.EDITOR, permissions=PERMISSIONS[Role.ADMIN])


@pytest.mark.parametrize(
    ("one", "other", "is_above"),
    [
        (OWNER, ADMIN, True),
        (OWNER, OWNER, False),
        (ADMIN, OWNER, False),
        (ADMIN, ADMIN, False),
        (ADMIN, EDITOR, True),
        (USER, VIEWER, True),
        (VIEWER, USER, False),
        (ADMIN, RAISED_EDITOR, True),
        (RAISED_EDITOR, EDITOR, False),
        (OWNER, ALL_WORDS, True),
        (ALL_WORDS, OWNER, False),
        (ADMIN, ALL_WORDS, False),
        (ALL_WORDS, ADMIN, False),
        (ADMIN, PERSONNEL, True),
        (PERSONNEL, VIEWER, True),
        (PERSONNEL, USER, False),
        (WRITER, OWN_WRITER, True),
        (OWN_WRITER, WRITER, False),
        (WRITER, WRITER, False),
        (READER, _custom(), True),
        (ROOT, OWNER, True),
        (ROOT, ROOT, True),
    ],
)
def test_who_is_above_whom(one: Standing, other: Standing, *, is_above: bool) -> None:
    assert one.is_above(other) is is_above


@pytest.mark.parametrize(
    ("giver", "wanted"),
    [
        (OWNER, OWNER),
        (OWNER, ALL_WORDS),
        (ROOT, OWNER),
        (ADMIN, EDITOR),
        (PERSONNEL, VIEWER),
        (WRITER, OWN_WRITER),
    ],
)
def test_roles_somebody_may_give(giver: Standing, wanted: Standing) -> None:
    giver.demand_may_give(wanted)


@pytest.mark.parametrize(
    ("giver", "wanted", "code"),
    [
        (ADMIN, ADMIN, "INSUFFICIENT_ROLE"),
        (ADMIN, OWNER, "INSUFFICIENT_ROLE"),
        (ADMIN, ALL_WORDS, "INSUFFICIENT_ROLE"),
        (PERSONNEL, USER, "PERMISSION_NOT_HELD"),
        (OWN_WRITER, WRITER, "PERMISSION_NOT_HELD"),
    ],
)
def test_roles_somebody_may_not_give(giver: Standing, wanted: Standing, code: str) -> None:
    with pytest.raises(PermissionDenied) as refusal:
        giver.demand_may_give(wanted)
    assert refusal.value.code == code


def test_what_is_missing_is_named() -> None:
    with pytest.raises(PermissionDenied) as refusal:
        OWN_WRITER.demand_holds({"posts:write", "posts:write:own", "posts:delete:own"})
    assert refusal.value.meta == {"permissions": ["posts:delete:own", "posts:write"]}
