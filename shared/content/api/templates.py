"""Templates, to other contexts; each call runs in the caller's transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from shared.content.adapters import template_queries
from shared.content.adapters.templates import count_use
from shared.content.domain.templates.template import rendered as rendered_text
from shared.content.domain.templates.variables import Value, Variable
from shared.kernel.actor import Actor
from shared.kernel.ids import OrganizationId


@dataclass(frozen=True, kw_only=True)
class TemplateView:
    """`constraints` and `default_options` are JSON of its author's own, for generating text."""

    id: UUID
    organization_id: OrganizationId
    created_by: UUID
    name: str
    template_body: str
    variables: tuple[Variable, ...]
    placeholders: tuple[str, ...]
    default_channel_id: str | None
    constraints: Mapping[str, Any]
    default_options: Mapping[str, Any]


def template(session: Session, actor: Actor, template_id: UUID) -> TemplateView:
    """A live template that the actor may see, whatever permission they exercise.

    Raises:
        NotFound: `TEMPLATE_NOT_FOUND`.
        PermissionDenied: `TEMPLATE_ACCESS_DENIED`, or `FORBIDDEN`: they may see none at all.
    """
    found = template_queries.one_template(session, actor.exercising("templates:read"), template_id)
    return TemplateView(
        id=found.id,
        organization_id=found.organization_id,
        created_by=found.created_by,
        name=found.name,
        template_body=found.template_body,
        variables=tuple(found.variables),
        placeholders=tuple(found.placeholders),
        default_channel_id=found.default_channel_id,
        constraints=found.constraints,
        default_options=found.default_options,
    )


def rendered(view: TemplateView, values: Mapping[str, Value]) -> str:
    """The template's text with a value in the place of each placeholder.

    Raises:
        RuleViolations: `MISSING_PLACEHOLDER_VALUES`, `INVALID_PLACEHOLDER_VALUE` or
            `VALIDATION_ERROR`, all that is wrong.
        RuleViolation: `RENDERED_TOO_LONG`.
    """
    return rendered_text(view.template_body, view.variables, values)


def mark_template_used(session: Session, template_id: UUID, at: datetime) -> None:
    """Count it as used at that instant; TEMPLATE_USED is not told, for the caller tells of more."""
    count_use(session, template_id, at=at)


def reached_templates(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """The live templates among `ids` that the actor's permission reaches and they may see."""
    return template_queries.reached_templates(session, actor, ids)
