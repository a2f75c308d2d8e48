"""What identity wants sent, handed to operations' outbox in the transaction that wants it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shared.kernel.ids import OrganizationId
from shared.operations.api.outbox import enqueue

MAIL = "notifications.mail"
SIGN_UPS = "operations.signups"


class SealedOutbox:
    def __init__(self, session: Session) -> None:
        self._session = session

    def mail(
        self,
        template: str,
        *,
        to: str,
        locale: str,
        organization_id: OrganizationId,
        at: datetime,
        parameters: Mapping[str, Any],
    ) -> None:
        letter = {"template": template, "to": to, "locale": locale, "parameters": dict(parameters)}
        enqueue(self._session, MAIL, letter, organization_id=organization_id, at=at)

    def audit_sign_up(
        self, sign_up: Mapping[str, Any], *, organization_id: OrganizationId, at: datetime
    ) -> None:
        enqueue(self._session, SIGN_UPS, dict(sign_up), organization_id=organization_id, at=at)
