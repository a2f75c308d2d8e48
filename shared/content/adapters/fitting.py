"""Variants that are being written: what they show is made ready for their network from then on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from shared.channels.api import catalogue
from shared.content.adapters.postgres import PostgresContent, content_of
from shared.content.domain.variant import PostVariant
from shared.infrastructure.database import transaction
from shared.media.api.renditions import Wanted, want_renditions


class MediaFitting:
    def __init__(self, session: Session) -> None:
        self._session = session

    def want(self, variant: PostVariant, *, at: datetime) -> None:
        channel = catalogue.channel(variant.channel)
        wanted = [
            Wanted(
                organization_id=variant.organization_id,
                asset_id=media_id,
                rules=channel.media_rules(variant.settings, replies=part > 0, limits={}),
                fit=item.fit,
            )
            for part, items in enumerate(variant.draft.items.values())
            for item in items
            for _, media_id in item.names
        ]
        want_renditions(self._session, wanted, at=at)


@dataclass(frozen=True)
class PostgresWriting(PostgresContent):
    fitting: MediaFitting


@contextmanager
def begin() -> Iterator[PostgresWriting]:
    with transaction() as session:
        yield PostgresWriting(**vars(content_of(session)), fitting=MediaFitting(session))
