"""Ask for a rendition to be made, after the commit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from shared.kernel.ids import OrganizationId
from shared.operations.api.outbox import enqueue

FITS = "media.fit"


def enqueue_fit(
    session: Session,
    asset_id: UUID,
    profile: str,
    *,
    organization_id: OrganizationId,
    at: datetime,
) -> None:
    """What it is to be fitted to stands in its row."""
    body = {"asset_id": str(asset_id), "profile": profile}
    enqueue(session, FITS, body, organization_id=organization_id, at=at)
