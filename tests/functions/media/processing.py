"""Processor and fitter driven by hand, by the events that the store and the queue send."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from runner.bucket import stored_event
from shared.channels.domain.media import ImageRules, MediaRules
from shared.infrastructure.database import transaction
from shared.infrastructure.folder_storage import FolderStorage, News
from shared.infrastructure.storage import storage
from shared.kernel.clock import utc_now
from shared.media.adapters.tables import media_renditions
from shared.media.api.renditions import Wanted, want_renditions
from shared.media.domain.rendition import Rendition
from tests.deployed_functions import function
from tests.functions.media.uploader import asset


def taken_in() -> list[News]:
    """What the processor is to be called for."""
    store = storage()
    assert isinstance(store, FolderStorage)
    return [news for news in store.news() if news.key.startswith("uploads/")]


def call_processor(news: News) -> dict[str, int]:
    ended: dict[str, int] = function("MediaProcessor").load()(stored_event(news), None)
    return ended


def process() -> list[dict[str, int]]:
    """All that waits, each once."""
    store = storage()
    assert isinstance(store, FolderStorage)
    ended = []
    for news in taken_in():
        ended.append(call_processor(news))
        store.forget(news)
    return ended


def content_of(key: str) -> bytes:
    return b"".join(storage().pieces(key, 1 << 20))


def want(media_id: str, rules: Any = MediaRules(images=ImageRules(max_bytes=1_000_000))) -> Wanted:  # noqa: B008 frozen
    wanted = Wanted(
        organization_id=asset(media_id).organization_id, asset_id=UUID(media_id), rules=rules
    )
    with transaction() as session:
        want_renditions(session, [wanted], at=utc_now())
    return wanted


def made(media_id: str) -> Sequence[Rendition]:
    with transaction() as session:
        return session.scalars(
            select(Rendition).where(media_renditions.c.asset_id == UUID(media_id))
        ).all()
