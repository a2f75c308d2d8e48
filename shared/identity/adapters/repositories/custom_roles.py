"""Roles that organizations make for themselves, in PostgreSQL."""

from dataclasses import dataclass
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.identity.adapters.access_tables import custom_roles
from shared.identity.domain.custom_role import CustomRole
from shared.kernel.errors import Conflict
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True)
class PostgresCustomRoles:
    _session: Session

    def add(self, role: CustomRole) -> None:
        self._session.add(role)
        try:
            self._session.flush()
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation):
                raise Conflict(
                    "ROLE_SLUG_TAKEN", "Another role has this slug", field="slug"
                ) from error
            raise

    def get(self, role_id: UUID) -> CustomRole | None:
        return self._session.scalar(
            select(CustomRole)
            .where(custom_roles.c.id == role_id, custom_roles.c.deleted_at.is_(None))
            .execution_options(populate_existing=True)
        )

    def count(self, organization_id: OrganizationId) -> int:
        wanted = custom_roles.c.organization_id == organization_id
        live = select(func.count()).where(wanted, custom_roles.c.deleted_at.is_(None))
        return self._session.scalar(live) or 0
