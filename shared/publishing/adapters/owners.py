"""Who schedules belong to, asked of identity."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from shared.identity import api as identity


class IdentityOwners:
    def __init__(self, session: Session) -> None:
        self._session = session

    def active(self, user_ids: Collection[UUID]) -> Collection[UUID]:
        return identity.active_users(self._session, user_ids)
