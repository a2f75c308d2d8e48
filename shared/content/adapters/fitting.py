"""Variants that are being written: what they show is made ready for their network from then on."""

from collections.abc import Iterator, Sequence
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

    def want(self, variants: Sequence[PostVariant], *, at: datetime) -> None:
        wanted = [one for variant in variants for one in _wanted(variant)]
        want_renditions(self._session, wanted, at=at)


def _wanted(variant: PostVariant) -> Iterator[Wanted]:
    """Each file that it shows, then its cover if it has one."""
    channel, whose = catalogue.channel(variant.channel), variant.organization_id
    for part, items in enumerate(variant.draft.items.values()):
        rules = channel.media_rules(variant.settings, replies=part > 0, limits={})
        cover = channel.cover_rules(rules)
        for item in items:
            for asset_id, taken in (item.media_id, rules), (item.cover_media_id, cover):
                if asset_id is not None:
                    yield Wanted(
                        organization_id=whose, asset_id=asset_id, rules=taken, fit=item.fit
                    )


@dataclass(frozen=True)
class PostgresWriting(PostgresContent):
    fitting: MediaFitting


@contextmanager
def begin() -> Iterator[PostgresWriting]:
    with transaction() as session:
        yield PostgresWriting(**vars(content_of(session)), fitting=MediaFitting(session))
