"""Templates, asked of content."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.content import api as content
from shared.generation.application.ports import Value
from shared.kernel.actor import Actor


class ContentTemplates:
    def __init__(self, session: Session) -> None:
        self._session = session

    def filled(
        self, actor: Actor, template_id: UUID, values: Mapping[str, Value], *, at: datetime
    ) -> str:
        template = content.template(self._session, actor, template_id)
        body = content.rendered(template, values)
        content.mark_template_used(self._session, template_id, at)
        return body
