"""Files that variants show, asked of the media library."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from shared.content.domain.media import File
from shared.kernel.ids import OrganizationId
from shared.media.api.assets import attached


class LibraryFiles:
    def __init__(self, session: Session) -> None:
        self._session = session

    def files(
        self, organization_id: OrganizationId, media_ids: Collection[UUID], *, held: bool = False
    ) -> Mapping[UUID, File]:
        return attached(self._session, organization_id, media_ids, held=held)
