"""API keys in PostgreSQL."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from shared.identity.adapters.credential_tables import api_keys
from shared.identity.domain.api_key import ApiKey
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True)
class PostgresApiKeys:
    _session: Session

    def add(self, key: ApiKey) -> None:
        self._session.add(key)

    def get(self, key_id: UUID) -> ApiKey | None:
        return self._session.get(ApiKey, key_id)

    def get_for_update(self, key_id: UUID) -> ApiKey | None:
        held = {"key_share": True}
        return self._session.get(ApiKey, key_id, with_for_update=held, populate_existing=True)

    def good_ones(self, user_id: UUID, *, now: datetime) -> list[ApiKey]:
        return list(
            self._session.scalars(
                select(ApiKey)
                .where(api_keys.c.user_id == user_id, _is_good(now))
                .order_by(api_keys.c.id)
                .with_for_update(key_share=True)
            )
        )

    def good_ones_made_by(
        self, user_id: UUID, organization_id: OrganizationId, *, now: datetime
    ) -> list[ApiKey]:
        return list(
            self._session.scalars(
                select(ApiKey)
                .where(
                    api_keys.c.organization_id == organization_id,
                    api_keys.c.created_by == user_id,
                    api_keys.c.user_id != user_id,
                    _is_good(now),
                )
                .order_by(api_keys.c.id)
            )
        )


def _is_good(now: datetime) -> ColumnElement[bool]:
    return api_keys.c.revoked_at.is_(None) & or_(
        api_keys.c.expires_at.is_(None), api_keys.c.expires_at > now
    )
