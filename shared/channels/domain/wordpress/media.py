"""Files of a post, put into the library of its site first.

Sources: developer.wordpress.org/rest-api/reference/media and the source of WordPress
(`WP_REST_Attachments_Controller`).
"""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from shared.channels.domain.media import (
    Attachment,
    DocumentRules,
    ImageRules,
    MediaRules,
    VideoRules,
)
from shared.channels.domain.network_answers import (
    about_a_file,
    before_publishing,
    otherwise_malformed,
)
from shared.channels.domain.provider import Http, Pending, Publication
from shared.channels.domain.upload_time import UploadTime
from shared.channels.domain.wordpress.answers import error_of
from shared.channels.domain.wordpress.post import Uploaded, media_slugs

_MEGABYTE = 1024 * 1024
_MOST = 20
RULES = MediaRules(
    images=ImageRules(formats=("image/jpeg", "image/png", "image/webp"), max_bytes=10 * _MEGABYTE),
    animations=ImageRules(formats=("image/gif",), max_bytes=10 * _MEGABYTE),
    videos=VideoRules(max_bytes=64 * _MEGABYTE, max_duration=timedelta(hours=24)),
    documents=DocumentRules(max_bytes=10 * _MEGABYTE),
    max_images=_MOST,
    max_animations=_MOST,
    max_videos=_MOST,
    max_documents=_MOST,
    max_items=_MOST,
    mixed=True,
    alt_text_length=1000,
)
"""A site does not say what it takes; these are bounds that most sites have or exceed."""

_MEDIA = "/wp-json/wp/v2/media"


async def uploaded(
    http: Http, site: str, headers: Mapping[str, str], publication: Publication
) -> list[Uploaded] | Pending:
    """What is attached, in the library: what an earlier attempt has put there is there still.

    Each file is known by a slug of ours, so that nothing is put there twice.

    Raises:
        Refused: nothing is published, whatever went wrong.
    """
    time, slugs = UploadTime(), media_slugs(publication)
    with before_publishing():
        there = await _known(http, site, headers, slugs)
        for slug, one in zip(slugs, publication.attachments, strict=True):
            if slug in there:
                continue
            if time.is_over:
                return Pending(progress={"uploaded": str(len(there))}, check_after=timedelta(0))
            there[slug] = await _upload(http, site, headers, slug, one)
    return [
        _uploaded(there[slug], one)
        for slug, one in zip(slugs, publication.attachments, strict=True)
    ]


async def _known(
    http: Http, site: str, headers: Mapping[str, str], slugs: list[str]
) -> dict[str, Any]:
    wanted = {"slug": ",".join(slugs), "per_page": str(_MOST), "context": "edit"}
    answer = await http.request("GET", f"{site}{_MEDIA}", headers=headers, params=wanted)
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    with otherwise_malformed("WordPress's list of files cannot be understood."):
        return {str(one["slug"]): one for one in answer.json()}


async def _upload(
    http: Http, site: str, headers: Mapping[str, str], slug: str, one: Attachment
) -> Any:
    answer = await http.request(
        "POST",
        f"{site}{_MEDIA}",
        headers=headers,
        form={"slug": slug, "alt_text": one.alt_text},
        files={"file": one},
    )
    if answer.status != HTTPStatus.CREATED:
        raise about_a_file(error_of(answer))
    with otherwise_malformed("WordPress answered without the file it was given."):
        return answer.json()


def _uploaded(told: Any, one: Attachment) -> Uploaded:
    with before_publishing(), otherwise_malformed("WordPress answered without its file."):
        return Uploaded(id=int(told["id"]), url=str(told["source_url"]), attachment=one)
