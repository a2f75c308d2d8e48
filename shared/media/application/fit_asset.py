"""Make what was asked for of a file, as a network takes it."""

import logging
from collections.abc import Mapping
from enum import Enum, auto
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.kernel.clock import Clock
from shared.kernel.errors import Unavailable
from shared.media.application.fitting_ports import BeginFitting, Store, Workshop
from shared.media.application.ports import FileGone
from shared.media.domain.asset import Asset, AssetStatus
from shared.media.domain.facts import Facts
from shared.media.domain.fitting import plan
from shared.media.domain.plans import AsItIs, Unfit
from shared.media.domain.refusals import MediaRefused, mismatched
from shared.media.domain.rendition import OUR_FAULT, Rendition, RenditionStatus
from shared.media.domain.rules import Fit, read_rules
from shared.media.domain.signature import HEAD, recognise
from shared.media.domain.storage_keys import made_key

logger = logging.getLogger(__name__)

_COMING = frozenset({AssetStatus.UPLOADING, AssetStatus.PROCESSING, AssetStatus.FAILED})
"""What has failed may be tried again; whoever then succeeds has the rest made."""


class Fitted(Enum):
    SETTLED = auto()
    """It is there, or will never be; or it is asked for once more when its file is ready."""
    IN_OTHER_HANDS = auto()
    """Somebody is making it; whether they come to an end is to be looked at later."""


def fit_asset(
    begin: BeginFitting,
    store: Store,
    workshop: Workshop,
    clock: Clock,
    *,
    asset_id: UUID,
    profile: str,
    folder: Path,
) -> Fitted:
    """Make the rendition, alone for the time it takes, and outside of any transaction.

    Its file has a name of its own, the same each time: who comes again after a crash writes it
    over. What cannot be made to fit, or goes wrong unforeseen, ends as failed, and says why.

    Raises:
        Unavailable: the database or the store is down; the call comes again.
    """
    with begin() as work:
        rendition = work.renditions.get_for_update(asset_id, profile)
        if rendition is None or rendition.status != RenditionStatus.PENDING:
            return Fitted.SETTLED
        asset = work.assets.get_even_deleted(asset_id)
        if asset is None or asset.status in _COMING:
            return Fitted.SETTLED
        if asset.status != AssetStatus.READY:
            code = asset.error_code or "MEDIA_NOT_READY"
            rendition.fail(code, asset.error_message or "The file is not good", now=clock())
            return Fitted.SETTLED
        if not rendition.take(asset.kind, now=clock()):
            return Fitted.IN_OTHER_HANDS
    try:
        made = _make(store, workshop, asset, rendition, folder)
    except MediaRefused as refused:
        made = Unfit(code=refused.code, words=refused.description)
    except FileGone:
        made = Unfit(code="MEDIA_UNAVAILABLE", words="The file is gone")
    except Unavailable:
        _let_go(begin, rendition)
        raise
    except Exception:
        logger.exception("media_fitting_failed", extra={"asset_id": str(asset_id)})
        made = Unfit(code=OUR_FAULT, words="We could not make it as it is taken here")
    _record(begin, clock, rendition, made)
    return Fitted.SETTLED


def give_up(begin: BeginFitting, clock: Clock, *, asset_id: UUID, profile: str) -> None:
    """End as failed what call after call has died of."""
    with begin() as work:
        rendition = work.renditions.get_for_update(asset_id, profile)
        if rendition is not None and rendition.status == RenditionStatus.PENDING:
            words = "We could not make it as it is taken here"
            rendition.fail(OUR_FAULT, words, now=clock())


def _let_go(begin: BeginFitting, rendition: Rendition) -> None:
    """Or the call that comes next would wait for one that has ended."""
    with begin() as work:
        kept = work.renditions.get_for_update(rendition.asset_id, rendition.profile)
        if kept is not None:
            kept.let_go(rendition.taken_until)


def _make(
    store: Store, workshop: Workshop, asset: Asset, rendition: Rendition, folder: Path
) -> Unfit | tuple[str, Facts]:
    """The key and the facts of what was made, or of the file itself."""
    source, target = folder / "source", folder / "target"
    rules = read_rules(_told(rendition.rules))
    store.fetch(asset.storage_key, source)
    with source.open("rb") as file:
        format_ = recognise(file.read(HEAD))
    if format_ is None:
        raise mismatched()
    facts = workshop.inspect(source, format_)
    planned = plan(facts, rules, Fit(rendition.fit or Fit.CROP))
    if isinstance(planned, Unfit):
        return planned
    if isinstance(planned, AsItIs):
        return asset.storage_key, facts
    made = workshop.make(planned, source, target, facts)
    name = f"{rendition.profile}.{made.format.extensions[0]}"
    key = made_key(asset.organization_id, asset.id, name)
    store.keep(key, target, mime_type=made.format.value)
    return key, made


def _told(rules: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {} if rules is None else rules


def _record(
    begin: BeginFitting, clock: Clock, rendition: Rendition, made: Unfit | tuple[str, Facts]
) -> None:
    with begin() as work:
        kept = work.renditions.get_for_update(rendition.asset_id, rendition.profile)
        if kept is None or kept.status != RenditionStatus.PENDING:
            return
        if isinstance(made, Unfit):
            kept.fail(made.code, made.words, now=clock())
        else:
            key, facts = made
            kept.be_ready(key, facts, now=clock())
