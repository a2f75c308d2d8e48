"""Variants that are being written: what they show is made ready for their network from then on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

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
        wanted = []
        for part, items in enumerate(variant.draft.items.values()):
            rules = channel.media_rules(variant.settings, replies=part > 0, limits={})
            cover = channel.cover_rules(rules)
            for item in items:
                wanted.append(_wanted(variant, item.media_id, rules, item.fit))
                if item.cover_media_id is not None:
                    wanted.append(_wanted(variant, item.cover_media_id, cover, item.fit))
        want_renditions(self._session, wanted, at=at)


def _wanted(variant: PostVariant, asset_id: UUID, rules: catalogue.MediaRules, fit: str) -> Wanted:
    return Wanted(organization_id=variant.organization_id, asset_id=asset_id, rules=rules, fit=fit)


@dataclass(frozen=True)
class PostgresWriting(PostgresContent):
    fitting: MediaFitting


@contextmanager
def begin() -> Iterator[PostgresWriting]:
    with transaction() as session:
        yield PostgresWriting(**vars(content_of(session)), fitting=MediaFitting(session))
