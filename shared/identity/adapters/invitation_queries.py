"""Invitations, as those who send them and those who get them may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select

from shared.identity.adapters.access_tables import custom_roles, invitations
from shared.identity.adapters.tables import organizations, users
from shared.identity.domain.invitation import Invitation
from shared.infrastructure.database import transaction
from shared.kernel.actor import Actor
from shared.kernel.errors import NotFound
from shared.kernel.paging import Page, Paging

Status = Literal["open", "accepted", "revoked", "expired"]

_ENDED = invitations.c.accepted_at.is_not(None) | invitations.c.revoked_at.is_not(None)


@dataclass(frozen=True, kw_only=True)
class InvitationView:
    """`role` is a built-in one, or the slug of the organization's own."""

    id: UUID
    organization_name: str
    email: str
    role: str
    invited_by: UUID
    inviter_name: str
    status: Status
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


def page_of_invitations(
    actor: Actor, *, status: Status | None, paging: Paging, now: datetime
) -> Page[InvitationView]:
    """Of the actor's organization, the one sent last in front."""
    wanted = [invitations.c.organization_id == actor.organization_id]
    if status is not None:
        wanted.append(_is(status, now))
    with transaction() as session:
        total = session.scalar(select(func.count()).select_from(invitations).where(*wanted)) or 0
        rows = session.execute(
            _shown()
            .where(*wanted)
            .order_by(invitations.c.created_at.desc(), invitations.c.id.desc())
            .limit(paging.limit)
            .offset(paging.offset)
        ).mappings()
        return Page(items=[_view(row, now) for row in rows], total=total)


def one_invitation(actor: Actor, invitation_id: UUID, *, now: datetime) -> InvitationView:
    """One into the actor's organization.

    Raises:
        NotFound: `INVITATION_NOT_FOUND`.
        PermissionDenied: `INVITATION_ACCESS_DENIED`.
    """
    with transaction() as session:
        actor.in_organization(session.get(Invitation, invitation_id), "invitation")
        wanted = _shown().where(invitations.c.id == invitation_id)
        return _view(session.execute(wanted).mappings().one(), now)


def preview_of_invitation(token_hash: str, *, now: datetime) -> InvitationView:
    """What somebody is invited to who has the secret and may have no account.

    Raises:
        NotFound: `INVITATION_NOT_FOUND`.
        Conflict: `INVITATION_ALREADY_ACCEPTED`, `INVITATION_REVOKED` or `INVITATION_EXPIRED`.
    """
    wanted = invitations.c.token_hash == token_hash
    with transaction() as session:
        invitation = session.scalar(select(Invitation).where(wanted))
        if invitation is None:
            raise NotFound("INVITATION_NOT_FOUND", "There is no such invitation")
        invitation.demand_good(now)
        return _view(session.execute(_shown().where(wanted)).mappings().one(), now)


def _shown() -> Select[Any]:
    return (
        select(
            invitations.c.id,
            organizations.c.name.label("organization_name"),
            invitations.c.email,
            func.coalesce(custom_roles.c.slug, invitations.c.role).label("role"),
            invitations.c.invited_by,
            users.c.name.label("inviter_name"),
            invitations.c.created_at,
            invitations.c.expires_at,
            invitations.c.accepted_at,
            invitations.c.revoked_at,
        )
        .join(organizations, organizations.c.id == invitations.c.organization_id)
        .join(users, users.c.id == invitations.c.invited_by)
        .outerjoin(custom_roles, custom_roles.c.id == invitations.c.custom_role_id)
    )


def _is(status: Status, now: datetime) -> ColumnElement[bool]:
    match status:
        case "accepted":
            return invitations.c.accepted_at.is_not(None)
        case "revoked":
            return invitations.c.revoked_at.is_not(None)
        case "expired":
            return ~_ENDED & (invitations.c.expires_at <= now)
        case "open":
            return ~_ENDED & (invitations.c.expires_at > now)


def _view(row: Mapping[Any, Any], now: datetime) -> InvitationView:
    return InvitationView(status=_status(row, now), **row)


def _status(row: Mapping[Any, Any], now: datetime) -> Status:
    if row["accepted_at"]:
        return "accepted"
    if row["revoked_at"]:
        return "revoked"
    return "expired" if row["expires_at"] <= now else "open"
