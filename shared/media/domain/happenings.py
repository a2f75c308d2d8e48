"""What happens to media, told to whoever wants to know."""

from datetime import datetime
from uuid import UUID

from shared.kernel.happenings import Happened, Happening
from shared.media.domain.asset import Asset


def happened_to(asset: Asset, what: Happening, *, by: UUID | None, at: datetime) -> Happened:
    """`by` is nobody where we did it."""
    return Happened(
        what=what,
        organization_id=asset.organization_id,
        subject_id=asset.id,
        actor_id=by,
        at=at,
        details={"kind": asset.kind, "mime_type": asset.mime_type, "size": asset.size},
    )
