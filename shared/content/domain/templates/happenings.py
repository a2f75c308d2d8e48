"""What happens to templates, told to whoever wants to know."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.content.domain.templates.template import Template
from shared.kernel.ids import OrganizationId


class TemplateHappening(StrEnum):
    CREATED = "TEMPLATE_CREATED"
    UPDATED = "TEMPLATE_UPDATED"
    DELETED = "TEMPLATE_DELETED"
    USED = "TEMPLATE_USED"


@dataclass(frozen=True, kw_only=True)
class HappenedToTemplate:
    """`name` is the template's at that moment."""

    what: TemplateHappening
    organization_id: OrganizationId
    template_id: UUID
    name: str
    actor_id: UUID
    at: datetime


def happened(
    template: Template, what: TemplateHappening, *, by: UUID, at: datetime
) -> HappenedToTemplate:
    return HappenedToTemplate(
        what=what,
        organization_id=template.organization_id,
        template_id=template.id,
        name=template.name,
        actor_id=by,
        at=at,
    )
