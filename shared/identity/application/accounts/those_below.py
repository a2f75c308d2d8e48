"""Whose rights hang on an owner: the programs of an organization act while an owner does."""

from collections.abc import Sequence

from shared.identity.application.ports import IdentityUnitOfWork
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.roles import Role


def forget_those_below(work: IdentityUnitOfWork, memberships: Sequence[MembershipView]) -> None:
    """What was remembered of all members where somebody is an owner who comes or goes."""
    for each in memberships:
        if each.role is Role.OWNER:
            work.profiles.changed(work.memberships.user_ids(each.organization_id))
