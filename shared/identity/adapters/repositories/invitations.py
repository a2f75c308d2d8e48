"""Invitations in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from shared.identity.adapters.access_tables import invitations
from shared.identity.domain.invitation import Invitation
from shared.kernel.ids import OrganizationId

_OPEN = invitations.c.accepted_at.is_(None) & invitations.c.revoked_at.is_(None)


@dataclass(frozen=True)
class PostgresInvitations:
    _session: Session

    def add(self, invitation: Invitation) -> None:
        self._session.add(invitation)

    def get(self, invitation_id: UUID) -> Invitation | None:
        return self._one(invitations.c.id == invitation_id)

    def organization_of(self, token_hash: str) -> OrganizationId | None:
        return self._session.scalar(
            select(invitations.c.organization_id).where(invitations.c.token_hash == token_hash)
        )

    def by_token(self, token_hash: str) -> Invitation | None:
        return self._one(invitations.c.token_hash == token_hash)

    def open_to(self, organization_id: OrganizationId, email: str) -> Invitation | None:
        return self._one(
            (invitations.c.organization_id == organization_id)
            & (invitations.c.email == email)
            & _OPEN
        )

    def count_good(self, organization_id: OrganizationId, *, now: datetime) -> int:
        wanted = (invitations.c.organization_id == organization_id) & _OPEN
        still = invitations.c.expires_at > now
        return self._session.scalar(select(func.count()).where(wanted, still)) or 0

    def sent_by(self, organization_id: OrganizationId, user_id: UUID) -> list[Invitation]:
        return list(
            self._session.scalars(
                select(Invitation)
                .where(
                    invitations.c.organization_id == organization_id,
                    invitations.c.invited_by == user_id,
                    _OPEN,
                )
                .order_by(invitations.c.id)
                .execution_options(populate_existing=True)
            )
        )

    def count_open(self, custom_role_id: UUID) -> int:
        wanted = (invitations.c.custom_role_id == custom_role_id) & _OPEN
        return self._session.scalar(select(func.count()).where(wanted)) or 0

    def _one(self, wanted: ColumnElement[bool]) -> Invitation | None:
        """As it is now: it may have been read before its organization was locked."""
        return self._session.scalar(
            select(Invitation).where(wanted).execution_options(populate_existing=True)
        )
