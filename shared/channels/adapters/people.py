"""Who may do what now, asked of identity."""

from uuid import UUID

from sqlalchemy.orm import Session

from shared.identity import api as identity
from shared.kernel.actor import Actor


class IdentityPeople:
    def __init__(self, session: Session) -> None:
        self._session = session

    def acting(self, user_id: UUID, organization_id: UUID, permission: str) -> Actor | None:
        return identity.acting(self._session, user_id, organization_id, permission)
