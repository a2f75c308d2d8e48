"""Files made to fit what a network takes: ask for them ahead, and see whether they are there."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.infrastructure.database import among
from shared.kernel.ids import OrganizationId, new_id
from shared.media.adapters.fit_queue import FITS, enqueue_fit
from shared.media.adapters.tables import media_assets, media_renditions
from shared.media.domain.asset import AssetStatus
from shared.media.domain.rendition import OUR_FAULT, RenditionStatus
from shared.media.domain.rules import Fit, as_plain, profile_of, read_rules

__all__ = ["FIT_QUEUE", "Failed", "Making", "Ready", "Wanted", "renditions", "want_renditions"]

FIT_QUEUE = FITS


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An asset as a network takes it; `rules` is any dataclass with the fields of `MediaRules`."""

    organization_id: OrganizationId
    asset_id: UUID
    rules: Any
    fit: str = Fit.CROP
    profile: str = field(init=False)
    plain: Mapping[str, Any] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        read = read_rules(asdict(self.rules))
        object.__setattr__(self, "profile", profile_of(read, Fit(self.fit)))
        object.__setattr__(self, "plain", as_plain(read))

    @property
    def key(self) -> tuple[UUID, str]:
        return self.asset_id, self.profile


@dataclass(frozen=True, kw_only=True)
class Ready:
    """`size` in bytes, `width` and `height` in pixels; `kind` and `alt_text` are the asset's."""

    storage_key: str
    kind: str
    name: str
    alt_text: str
    mime_type: str
    size: int
    width: int | None
    height: int | None
    duration: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Failed:
    """It cannot be made, or the asset is gone or was refused; `alt_text` is the asset's."""

    code: str
    words: str
    alt_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Making:
    """It is being made, or nobody has asked for it yet; `alt_text` is the asset's."""

    is_asked_for: bool
    alt_text: str


_GONE = Failed(code="MEDIA_UNAVAILABLE", words="The file is gone")


def renditions(
    session: Session, wanted: Sequence[Wanted]
) -> Mapping[tuple[UUID, str], Ready | Making | Failed]:
    """What there is of each, by its `key`, in one query."""
    if not wanted:
        return {}
    assets, made = media_assets.c, media_renditions.c
    rows = session.execute(
        select(
            assets.id,
            assets.organization_id,
            assets.name,
            assets.kind,
            assets.alt_text,
            assets.status.label("asset_status"),
            assets.error_code.label("asset_error"),
            *(column for column in made if column.name not in {"id", "organization_id"}),
        )
        .select_from(
            media_assets.outerjoin(
                media_renditions,
                and_(
                    made.asset_id == assets.id,
                    made.profile.in_({each.profile for each in wanted}),
                ),
            )
        )
        .where(
            among(assets.id, {each.asset_id for each in wanted}),
            assets.deleted_at.is_(None),
            assets.condemned_at.is_(None),
        )
    ).all()
    known = {row.id: row for row in rows}
    found = {(row.id, row.profile): row for row in rows}
    return {
        each.key: _state(each, found.get(each.key), known.get(each.asset_id)) for each in wanted
    }


def _state(wanted: Wanted, row: Any, asset: Any) -> Ready | Making | Failed:
    if asset is None or asset.organization_id != wanted.organization_id:
        return _GONE
    if asset.asset_status not in {AssetStatus.READY, AssetStatus.PROCESSING}:
        words = f"The file is {asset.asset_status}"
        return Failed(code=asset.asset_error or "MEDIA_NOT_READY", words=words)
    if row is None or row.status == RenditionStatus.PENDING:
        return Making(is_asked_for=row is not None, alt_text=asset.alt_text)
    if row.status == RenditionStatus.FAILED:
        return Failed(
            code=row.error_code or "MEDIA_NOT_FITTED",
            words=row.error_message or "It cannot be made as the network takes it",
            alt_text=asset.alt_text,
        )
    return Ready(
        storage_key=row.storage_key,
        kind=asset.kind,
        name=asset.name,
        alt_text=asset.alt_text,
        mime_type=row.mime_type,
        size=row.size,
        width=row.width,
        height=row.height,
        duration=None if row.duration_ms is None else timedelta(milliseconds=row.duration_ms),
    )


def want_renditions(session: Session, wanted: Sequence[Wanted], *, at: datetime) -> None:
    """Have those made that nobody has asked for, soon after the commit.

    So are those once more that it was our fault that we could not make.
    """
    asked = {each.key: each for each in wanted}
    if not asked:
        return
    rows = [
        {
            "id": new_id(),
            "organization_id": each.organization_id,
            "asset_id": each.asset_id,
            "profile": each.profile,
            "status": RenditionStatus.PENDING,
            "rules": each.plain,
            "fit": each.fit,
            "created_at": at,
            "updated_at": at,
        }
        for _, each in sorted(asked.items())
    ]
    adding = insert(media_renditions)
    again = ("status", "rules", "fit", "updated_at")
    new = session.execute(
        adding.on_conflict_do_update(
            index_elements=["asset_id", "profile"],
            set_={name: adding.excluded[name] for name in again}
            | {"error_code": None, "error_message": None},
            where=media_renditions.c.error_code == OUR_FAULT,
        ).returning(media_renditions.c.asset_id, media_renditions.c.profile),
        rows,
    ).all()
    for row in new:
        whose = asked[row.asset_id, row.profile].organization_id
        enqueue_fit(session, row.asset_id, row.profile, organization_id=whose, at=at)
