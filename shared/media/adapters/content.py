"""Who shows a file, asked of content."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from shared.content.api.media_uses import uses_of_media
from shared.media.application.ports import Use
from shared.media.domain.asset import Asset


class ContentUses:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, asset: Asset) -> Sequence[Use]:
        return [
            Use(variant_id=each.variant_id, post_id=each.post_id, channel=each.channel)
            for each in uses_of_media(self._session, asset.organization_id, asset.id)
        ]
