"""The media library over HTTP: find files, look at one, say what it shows, delete and restore."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Literal, cast
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from functions.dependencies import requires
from functions.envelopes import CursorPaged, Data
from functions.fields import exemplified
from functions.filters import From, To, names
from functions.media.schemas.answers import (
    DeletedMediaFileOut,
    MediaFileOut,
    MediaInFullOut,
    ReferenceOut,
    facts,
)
from functions.media.schemas.fields import AltText, Name, Tags, Text
from functions.routing import Router
from functions.versions import IfMatch, versioned
from shared.infrastructure.http import create_app, lambda_handler
from shared.infrastructure.openapi import refuses
from shared.kernel.actor import Actor
from shared.kernel.clock import utc_now
from shared.kernel.errors import RuleViolation
from shared.kernel.paging import Paging
from shared.media.adapters import queries
from shared.media.adapters.files import StoredFiles
from shared.media.adapters.links import download
from shared.media.adapters.postgres import begin
from shared.media.adapters.settings import MediaSettings
from shared.media.application.change_asset import change_asset
from shared.media.application.delete_asset import delete_asset
from shared.media.application.process_again import process_again
from shared.media.application.restore_asset import restore_asset
from shared.media.domain.asset import AssetChanges, AssetStatus, MediaKind

router = Router(prefix="/api/v1/media", tags=["media"])

Reader = Annotated[Actor, requires("media:read")]
Writer = Annotated[Actor, requires("media:write")]
Deleter = Annotated[Actor, requires("media:delete")]

_EXAMPLE = {"name": "asparagus.jpg", "alt_text": "Green asparagus", "tags": ["spring"]}


class ListMedia(BaseModel):
    search: Text = Field(
        "",
        max_length=200,
        description="Words of the name or the alternative text; the last may be unfinished",
    )
    kind: list[MediaKind] = Field([], description="One or several")
    status: list[AssetStatus] = Field([], description="One or several")
    tags: Text = Field("", max_length=5_000, description="Separated by commas")
    tags_mode: Literal["any", "all"] = Field(
        "any", description="Whether a file has to have any of the tags, or all"
    )
    created_from: From = None
    created_to: To = None
    deleted: bool = Field(
        default=False, description="Those instead that were deleted and can still be restored"
    )
    sort_by: queries.SortBy = Field("created_at", alias="sortBy")
    sort_order: Literal["asc", "desc"] = Field("desc", alias="sortOrder")
    limit: int = Field(50, ge=1, le=100)
    offset: int = Field(0, ge=0, le=1_000_000)
    cursor: Text = Field(
        "", max_length=2_000, description="The `next_cursor` of a page in the same order"
    )


class ChangeMedia(BaseModel):
    """What is absent stays."""

    model_config = ConfigDict(json_schema_extra=exemplified(_EXAMPLE))

    name: Name = ""
    alt_text: AltText = ""
    tags: Tags = []


class UsageOfKindOut(BaseModel):
    """`kind` is nothing of what is announced and has not come yet."""

    kind: MediaKind | None
    files: int
    bytes: int


class UsageOut(BaseModel):
    """What the organization keeps; `quota_bytes` is nothing where it may keep any number."""

    files: int
    bytes: int
    quota_bytes: int | None
    kinds: Sequence[UsageOfKindOut]


@router.get("")
def list_(actor: Reader, wanted: Annotated[ListMedia, Query()]) -> CursorPaged[DeletedMediaFileOut]:
    """The organization's files, by default the latest first.

    Page by `cursor`, which misses and repeats nothing while others upload, or by `offset`. At most
    a thousand are counted.
    """
    if wanted.cursor and wanted.offset:
        raise RuleViolation(
            "VALIDATION_ERROR", "A page begins at a cursor or at an offset", field="offset"
        )
    paging = Paging(limit=wanted.limit, offset=wanted.offset)
    page = queries.page_of_assets(
        actor,
        queries.AssetFilter(
            kinds=wanted.kind,
            statuses=wanted.status,
            tags=names(wanted.tags),
            tags_mode=wanted.tags_mode,
            created_from=wanted.created_from,
            created_to=wanted.created_to,
            search=wanted.search.strip(),
            deleted=wanted.deleted,
        ),
        queries.AssetOrder(sort_by=wanted.sort_by, descending=wanted.sort_order == "desc"),
        paging,
        after=wanted.cursor,
        now=utc_now(),
    )
    return CursorPaged[DeletedMediaFileOut].of(page.showing(facts), paging)


@router.get("/usage")
def usage(actor: Reader) -> Data[UsageOut]:
    """How much the organization keeps of each kind, and how much it may.

    Files that were deleted do not count any more; those that are announced do already.
    """
    used = queries.usage(actor)
    quota = MediaSettings.read().organization_bytes
    kinds = [UsageOfKindOut.model_validate(each, from_attributes=True) for each in used.kinds]
    return Data[UsageOut](
        data=UsageOut(files=used.files, bytes=used.bytes, quota_bytes=quota or None, kinds=kinds)
    )


@router.get("/{media_id}")
def get(media_id: UUID, actor: Reader, response: Response) -> Data[MediaInFullOut]:
    """One file: where it can be had for an hour, and which variants show it.

    Its ETag is for `If-Match`.
    """
    asset, uses = queries.one_asset(actor, media_id)
    references = [
        ReferenceOut(variant_id=each.variant_id, post_id=each.post_id, channel_id=each.channel)
        for each in uses
    ]
    more = {"download": download(asset), "references": references}
    shown = MediaInFullOut.model_validate({**facts(asset), **more})
    return versioned(response, Data[MediaInFullOut](data=shown))


@router.patch("/{media_id}", responses=refuses(HTTPStatus.PRECONDITION_FAILED))
def change(
    media_id: UUID, body: ChangeMedia, actor: Writer, expected: IfMatch, response: Response
) -> Data[MediaFileOut]:
    """Say what a file is called, what it shows, and what it is sorted by."""
    asset = change_asset(
        begin,
        utc_now,
        actor=actor,
        asset_id=media_id,
        changes=cast("AssetChanges", body.model_dump(exclude_unset=True)),
        expected=expected,
    )
    return versioned(response, Data[MediaFileOut](data=MediaFileOut.of(asset)))


@router.delete(
    "/{media_id}",
    status_code=204,
    responses=refuses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED),
)
def delete(media_id: UUID, actor: Deleter, expected: IfMatch) -> None:
    """Take a file off every list; it can be restored for 30 days.

    409 `MEDIA_IN_USE` where a variant that is not deleted shows it: `meta.references` says which.
    """
    delete_asset(begin, utc_now, actor=actor, asset_id=media_id, expected=expected)


@router.post("/{media_id}/restore", responses=refuses(HTTPStatus.CONFLICT))
def restore(media_id: UUID, actor: Deleter, response: Response) -> Data[MediaFileOut]:
    """Bring a deleted file back within 30 days; one that is not deleted stays as it is."""
    asset = restore_asset(
        begin, utc_now, actor=actor, asset_id=media_id, limits=MediaSettings.read().limits
    )
    return versioned(response, Data[MediaFileOut](data=MediaFileOut.of(asset)))


@router.post("/{media_id}/process", responses=refuses(HTTPStatus.CONFLICT))
def process(media_id: UUID, actor: Writer, response: Response) -> Data[MediaFileOut]:
    """Have another try at a file whose processing has failed."""
    asset = process_again(begin, StoredFiles(), utc_now, actor=actor, asset_id=media_id)
    return versioned(response, Data[MediaFileOut](data=MediaFileOut.of(asset)))


app = create_app("Media library")
app.include_router(router)
handler = lambda_handler(app)
