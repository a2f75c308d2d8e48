"""A profile as the cache keeps it; `cached_access` raises its version when the shape changes."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.identity.domain.profile import CustomRoleView, MembershipView, Profile
from shared.identity.domain.roles import Role
from shared.identity.domain.user import UserStatus
from shared.kernel.ids import OrganizationId


def encode_profile(profile: Profile) -> dict[str, Any]:
    return {
        **asdict(profile),
        "id": str(profile.id),
        "created_at": profile.created_at.isoformat(),
        "last_login_at": profile.last_login_at and profile.last_login_at.isoformat(),
        "memberships": [_encode_membership(each) for each in profile.memberships],
    }


def decode_profile(value: dict[str, Any]) -> Profile:
    last_login_at = value["last_login_at"]
    return Profile(
        **{
            **value,
            "id": UUID(value["id"]),
            "status": UserStatus(value["status"]),
            "created_at": datetime.fromisoformat(value["created_at"]),
            "last_login_at": last_login_at and datetime.fromisoformat(last_login_at),
            "memberships": tuple(_decode_membership(*each) for each in value["memberships"]),
        }
    )


def _encode_membership(membership: MembershipView) -> list[Any]:
    custom = membership.custom_role
    return [
        str(membership.organization_id),
        membership.organization_name,
        membership.role,
        custom and [str(custom.id), custom.slug, custom.name, sorted(custom.permissions)],
        sorted(membership.granted),
    ]


def _decode_membership(
    organization_id: str, name: str, role: str, custom: list[Any] | None, granted: list[str]
) -> MembershipView:
    return MembershipView(
        organization_id=OrganizationId(UUID(organization_id)),
        organization_name=name,
        role=Role(role),
        custom_role=_decode_custom_role(*custom) if custom else None,
        granted=frozenset(granted),
    )


def _decode_custom_role(
    role_id: str, slug: str, name: str, permissions: list[str]
) -> CustomRoleView:
    return CustomRoleView(
        id=UUID(role_id), slug=slug, name=name, permissions=frozenset(permissions)
    )
