"""What happens to templates, told to whoever wants to know."""

from datetime import datetime
from uuid import UUID

from shared.content.domain.templates.template import Template
from shared.kernel.happenings import Happened, Happening


def happened(template: Template, what: Happening, *, by: UUID, at: datetime) -> Happened:
    """With the name that it had at that moment."""
    return Happened(
        what=what,
        organization_id=template.organization_id,
        subject_id=template.id,
        actor_id=by,
        at=at,
        details={"name": template.name},
    )
