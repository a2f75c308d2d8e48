"""What is to be sent and what became of it, asked of publishing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.content.domain.verdict import Warned
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId
from shared.publishing import api as publishing


class PublishingSchedules:
    def __init__(self, session: Session) -> None:
        self._session = session

    def count_active(self, *, post_id: UUID | None = None, variant_id: UUID | None = None) -> int:
        return publishing.count_active(self._session, post_id=post_id, variant_id=variant_id)

    def end_series(
        self, *, post_id: UUID | None = None, variant_id: UUID | None = None, now: datetime
    ) -> None:
        publishing.end_series(self._session, post_id=post_id, variant_id=variant_id, now=now)

    def cancel_active(
        self,
        *,
        post_id: UUID | None = None,
        variant_id: UUID | None = None,
        actor: Actor,
        now: datetime,
    ) -> int:
        return publishing.cancel_active(
            self._session, post_id=post_id, variant_id=variant_id, actor=actor, now=now
        )

    def warnings(
        self,
        connection_id: UUID,
        texts: Sequence[str],
        *,
        organization_id: OrganizationId,
        at: datetime,
    ) -> list[Warned]:
        found = publishing.warnings(
            self._session, connection_id, texts, organization_id=organization_id, at=at
        )
        return [Warned(code=each.code, description=each.description) for each in found]

    def statuses(self, post_id: UUID) -> Collection[str]:
        return publishing.statuses_of_posts(self._session, [post_id]).get(post_id, ())
