"""Who may do what, and whose things are whose."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, PermissionDenied
from shared.kernel.ids import OrganizationId, new_id


@dataclass(frozen=True)
class Pot:
    organization_id: UUID


def _actor(*permissions: str, is_root: bool = False) -> Actor:
    return Actor(
        user_id=new_id(),
        organization_id=OrganizationId(new_id()),
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


def test_own_things_are_answered() -> None:
    actor = _actor()
    pot = Pot(UUID(str(actor.organization_id)))
    assert actor.own(pot, "pot") is pot


@pytest.mark.parametrize("is_root", [False, True])
def test_things_of_others_are_refused_by_name_even_to_root(*, is_root: bool) -> None:
    with pytest.raises(PermissionDenied) as refusal:
        _actor(is_root=is_root).own(Pot(new_id()), "pot")
    assert refusal.value.code == "POT_ACCESS_DENIED"


def test_what_is_not_there_is_not_found_by_the_field_that_named_it() -> None:
    with pytest.raises(NotFound) as refusal:
        _actor().own(None, "pot", field="tea_pot_id")
    assert (refusal.value.code, refusal.value.field) == ("POT_NOT_FOUND", "tea_pot_id")
