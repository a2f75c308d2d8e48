"""Who may do what, and whose things are whose."""

from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound, PermissionDenied
from shared.kernel.ids import OrganizationId, new_id


@dataclass(frozen=True, kw_only=True)
class Pot:
    organization_id: UUID
    created_by: UUID | None = None
    channel: str | None = None


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
    pot = Pot(organization_id=actor.organization_id)
    assert actor.own(pot, "pot") is pot


@pytest.mark.parametrize("is_root", [False, True])
def test_things_of_others_are_refused_by_name_even_to_root(*, is_root: bool) -> None:
    with pytest.raises(PermissionDenied) as refusal:
        _actor(is_root=is_root).own(Pot(organization_id=new_id()), "pot")
    assert refusal.value.code == "POT_ACCESS_DENIED"


def test_what_is_not_there_is_not_found_by_the_field_that_named_it() -> None:
    with pytest.raises(NotFound) as refusal:
        _actor().own(None, "pot", field="tea_pot_id")
    assert (refusal.value.code, refusal.value.field) == ("POT_NOT_FOUND", "tea_pot_id")


def test_whoever_holds_a_permission_for_their_own_reaches_only_that() -> None:
    actor = _actor("pots:fill:own", "pots:empty").exercising("pots:fill")
    own = Pot(organization_id=actor.organization_id, created_by=actor.user_id)
    assert actor.own(own, "pot") is own
    for others in (
        Pot(organization_id=actor.organization_id, created_by=new_id()),
        Pot(organization_id=actor.organization_id),
    ):
        assert not actor.reaches(others)
        assert actor.in_organization(others, "pot") is others
        with pytest.raises(PermissionDenied) as refusal:
            actor.own(others, "pot")
        assert refusal.value.code == "POT_ACCESS_DENIED"
        assert actor.exercising("pots:empty").own(others, "pot") is others


def test_the_wider_permission_counts_where_both_are_held() -> None:
    assert not _actor("pots:fill:own", "pots:fill").exercising("pots:fill").only_own
    assert not _actor("pots:fill:own", is_root=True).exercising("pots:fill").only_own


def test_what_is_not_held_cannot_be_exercised() -> None:
    with pytest.raises(PermissionDenied) as refusal:
        _actor("pots:read").exercising("pots:fill")
    assert refusal.value.code == "FORBIDDEN"


def test_what_is_of_a_channel_one_may_not_use_is_out_of_reach() -> None:
    actor = replace(_actor(), channels=frozenset({"kitchen"}))
    of_channels = [
        Pot(organization_id=actor.organization_id, channel=channel)
        for channel in ("kitchen", None, "garden")
    ]
    assert [actor.reaches(pot) for pot in of_channels] == [True, True, False]
    with pytest.raises(PermissionDenied):
        actor.in_organization(of_channels[-1], "pot")
    actor.demand_channel("kitchen")
    with pytest.raises(PermissionDenied) as refusal:
        actor.demand_channel("garden")
    assert refusal.value.code == "CHANNEL_ACCESS_DENIED"
