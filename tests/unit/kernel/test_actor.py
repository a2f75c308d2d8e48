"""Who may do what, and whose things are whose."""

from uuid import UUID

import pytest

from shared.kernel.actor import Actor
from shared.kernel.errors import PermissionDenied
from shared.kernel.ids import OrganizationId, new_id


def _actor(*permissions: str, is_root: bool = False) -> Actor:
    return Actor(
        user_id=new_id(),
        organization_id=OrganizationId(new_id()),
        session_id=new_id(),
        permissions=frozenset(permissions),
        is_root=is_root,
        timezone="UTC",
    )


def test_an_actor_may_what_it_was_given() -> None:
    actor = _actor("posts:read")
    assert actor.may("posts:read")
    assert not actor.may("posts:write")


def test_root_may_everything() -> None:
    assert _actor(is_root=True).may("users:approve")


def test_own_things_are_not_refused() -> None:
    actor = _actor()
    actor.demand_own(UUID(str(actor.organization_id)), "post")


@pytest.mark.parametrize("is_root", [False, True])
def test_things_of_others_are_refused_by_name_even_to_root(*, is_root: bool) -> None:
    with pytest.raises(PermissionDenied) as refusal:
        _actor(is_root=is_root).demand_own(new_id(), "schedule")
    assert refusal.value.code == "SCHEDULE_ACCESS_DENIED"
