"""Look into a file that was taken in, and keep it clean."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import TypedDict

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.kernel.happenings import Happening
from shared.media.application.fitting_ports import (
    BeginFitting,
    FittingUnitOfWork,
    Store,
    Workshop,
)
from shared.media.application.ports import FileGone
from shared.media.domain.asset import GONE, NOT_PROCESSED, Asset, AssetStatus
from shared.media.domain.facts import Facts
from shared.media.domain.happenings import happened_to
from shared.media.domain.preview import Preview
from shared.media.domain.refusals import MediaRefused, mismatched
from shared.media.domain.signature import HEAD, recognise
from shared.media.domain.storage_keys import asset_of, made_key

logger = logging.getLogger(__name__)

_PIECE = 1024 * 1024


class Made(TypedDict):
    """What `Asset.be_ready` asks for."""

    storage_key: str
    facts: Facts
    thumbnails: list[dict[str, str | int]]
    blurhash: str | None
    dominant_colour: str | None


@dataclass(frozen=True, kw_only=True)
class Refused:
    """It is nothing that we keep."""

    code: str
    words: str


@dataclass(frozen=True)
class Failed:
    """We could not look into it."""

    code: str
    words: str


class Processed(Enum):
    SETTLED = auto()
    """There is nothing to be done, or not any more."""
    READY = auto()
    REFUSED = auto()
    FAILED = auto()


def process_asset(
    begin: BeginFitting, store: Store, workshop: Workshop, clock: Clock, *, key: str, folder: Path
) -> Processed:
    """Clean and describe the file at `key`, whose way through `folder` leaves nothing behind.

    What is made of it has names of its own, the same each time; the row names them all at once;
    what was uploaded goes last. So a call may end anywhere, and come twice: the next one does the
    rest. What goes wrong unforeseen ends as failed: it would go wrong again, and a person may try.

    Raises:
        Unavailable: the database or the store is down; the call comes again.
    """
    asset_id = asset_of(key)
    if asset_id is None:
        return Processed.SETTLED
    with begin() as work:
        asset = work.assets.get_even_deleted(asset_id)
    if asset is None or asset.status != AssetStatus.PROCESSING or asset.storage_key != key:
        if asset is not None and asset.status == AssetStatus.READY and asset.storage_key != key:
            store.remove(key)
        return Processed.SETTLED
    made = _made_or_why_not(store, workshop, asset, folder)
    with begin() as work:
        kept = _still_in_work(work, asset)
        if kept is None:
            return Processed.SETTLED
        ended = _record(work, kept, made, now=clock())
    if ended is Processed.READY:
        store.remove(key)
    return ended


def _made_or_why_not(
    store: Store, workshop: Workshop, asset: Asset, folder: Path
) -> Made | Refused | Failed:
    try:
        return _make(store, workshop, asset, folder)
    except MediaRefused as refused:
        return Refused(code=refused.code, words=refused.description)
    except FileGone:
        return Failed(*GONE)
    except Unavailable:
        raise
    except Exception:
        logger.exception("media_processing_failed", extra={"asset_id": str(asset.id)})
        return Failed(*NOT_PROCESSED)


def _record(
    work: FittingUnitOfWork, asset: Asset, made: Made | Refused | Failed, *, now: datetime
) -> Processed:
    match made:
        case Refused(code=code, words=words):
            asset.refuse(code, words, now=now)
            ended, told = Processed.REFUSED, Happening.MEDIA_REFUSED
        case Failed(code=code, words=words):
            asset.fail(code, words, now=now)
            ended, told = Processed.FAILED, Happening.MEDIA_FAILED
        case _:
            asset.be_ready(**made, now=now)
            ended, told = Processed.READY, Happening.MEDIA_READY
    if ended is not Processed.FAILED:  # what was asked for meanwhile can be answered
        for rendition in work.renditions.pending(asset.id):
            work.queue.add(rendition, at=now)
    work.happenings.record(happened_to(asset, told, by=None, at=now))
    return ended


def _make(store: Store, workshop: Workshop, asset: Asset, folder: Path) -> Made:
    source, clean = folder / "source", folder / "clean"
    store.fetch(asset.storage_key, source)
    _demand_digest(source, asset.sha256)
    with source.open("rb") as file:
        format_ = recognise(file.read(HEAD))
    if format_ is None:
        raise mismatched()
    workshop.clean(source, clean, format_)
    source.unlink()
    facts = workshop.inspect(clean, format_)
    preview = workshop.preview(clean, facts)
    name = f"clean.{format_.extensions[0]}"
    clean_key = made_key(asset.organization_id, asset.id, name)
    thumbnails = _keep_thumbnails(store, asset, preview)
    store.keep(clean_key, clean, mime_type=format_.value)
    return {
        "storage_key": clean_key,
        "facts": facts,
        "thumbnails": thumbnails,
        "blurhash": None if preview is None else preview.blurhash,
        "dominant_colour": None if preview is None else preview.dominant_colour,
    }


def _demand_digest(path: Path, announced: str | None) -> None:
    if announced is None:
        return
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    if digest.hexdigest() != announced:
        raise MediaRefused(
            "MEDIA_CHECKSUM_MISMATCH", "What has come has another SHA-256 than was announced"
        )


def _keep_thumbnails(
    store: Store, asset: Asset, preview: Preview | None
) -> list[dict[str, str | int]]:
    kept: list[dict[str, str | int]] = []
    for thumbnail in preview.thumbnails if preview else ():
        ending = thumbnail.mime_type.removeprefix("image/")
        name = f"thumbnail-{thumbnail.width}.{ending}"
        key = made_key(asset.organization_id, asset.id, name)
        store.keep_bytes(key, thumbnail.content, mime_type=thumbnail.mime_type)
        kept.append(
            {
                "key": key,
                "mime_type": thumbnail.mime_type,
                "width": thumbnail.width,
                "height": thumbnail.height,
            }
        )
    return kept


def _still_in_work(work: FittingUnitOfWork, asset: Asset) -> Asset | None:
    found = work.assets.get_even_deleted(asset.id)
    if found is None or found.status != AssetStatus.PROCESSING:
        return None
    return found if found.storage_key == asset.storage_key else None
