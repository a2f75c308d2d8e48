"""What identity wants sent, handed to operations' outbox in the transaction that wants it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from shared.kernel.ids import OrganizationId
from shared.operations.api.outbox import enqueue, enqueue_nothing

MAIL = "notifications.mail"
SIGN_UPS = "operations.signups"


class SealedOutbox:
    def __init__(self, session: Session) -> None:
        self._session = session
        self.is_filled = False
        """Or as if: who asks after nobody must not be answered sooner."""

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
        self._enqueue(MAIL, letter, organization_id, at)

    def mail_nobody(self, template: str, *, parameters: Mapping[str, Any]) -> None:
        enqueue_nothing(self._session, {"template": template, "parameters": dict(parameters)})
        self.is_filled = True

    def audit_sign_up(
        self, sign_up: Mapping[str, Any], *, organization_id: OrganizationId, at: datetime
    ) -> None:
        self._enqueue(SIGN_UPS, sign_up, organization_id, at)

    def _enqueue(
        self, queue: str, body: Mapping[str, Any], organization_id: OrganizationId, at: datetime
    ) -> None:
        enqueue(self._session, queue, body, organization_id=organization_id, at=at)
        self.is_filled = True
