"""Templates, asked of content."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.content.api import templates
from shared.generation.application.ports import Value
from shared.kernel.actor import Actor
from shared.kernel.errors import RuleViolation, RuleViolations


class ContentTemplates:
    def __init__(self, session: Session) -> None:
        self._session = session

    def filled(
        self, actor: Actor, template_id: UUID, values: Mapping[str, Value], *, at: datetime
    ) -> str:
        template = templates.template(self._session, actor, template_id)
        try:
            body = templates.rendered(template, values)
        except RuleViolation as broken:
            raise _in_our_words(broken) from broken
        templates.mark_template_used(self._session, template_id, at)
        return body


def _in_our_words(broken: RuleViolation) -> RuleViolations:
    """What a template calls `values` is `template_values` to whoever has something written."""
    each = broken.violations if isinstance(broken, RuleViolations) else [broken]
    return RuleViolations(
        [
            RuleViolation(
                one.code,
                one.description,
                field=f"template_{one.field or 'values'}",
                meta=one.meta,
            )
            for one in each
        ]
    )
