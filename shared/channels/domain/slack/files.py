"""Files of a message: each uploaded by itself, then shared together, with the text.

Sources: docs.slack.dev (files.getUploadURLExternal, files.completeUploadExternal, files.info).
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
    malformed,
    otherwise_malformed,
)
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import Http, Pending, ProviderError, Publication, Refused
from shared.channels.domain.slack.answers import body_of
from shared.channels.domain.slack.calls import address, read
from shared.channels.domain.slack.message import escaped, thread_of
from shared.channels.domain.upload_time import UploadTime

_LARGEST = 1024 * 1024 * 1024
_MOST = 10
RULES = MediaRules(
    images=ImageRules(formats=("image/jpeg", "image/png", "image/webp"), max_bytes=_LARGEST),
    animations=ImageRules(formats=("image/gif",), max_bytes=_LARGEST),
    videos=VideoRules(
        formats=("video/mp4", "video/quicktime"),
        max_bytes=_LARGEST,
        max_duration=timedelta(hours=24),
    ),
    documents=DocumentRules(max_bytes=_LARGEST),
    max_images=_MOST,
    max_animations=_MOST,
    max_videos=_MOST,
    max_documents=_MOST,
    max_items=_MOST,
    mixed=True,
    alt_text_length=1000,
)

_SHARED = "shared"
_LOOKS_AGAIN = timedelta(seconds=2)


def known_files(progress: Mapping[str, str]) -> list[str]:
    """The ids of those that are uploaded."""
    return [each for each in progress.get("files", "").split(",") if each]


async def upload(http: Http, credentials: Mapping[str, str], publication: Publication) -> Pending:
    """Upload what is not uploaded yet. It is told before it is shared, to be known again then.

    Raises:
        Refused: nothing is published, whatever went wrong.
    """
    time, ids = UploadTime(), known_files(publication.progress)
    with before_publishing():
        for one in publication.attachments[len(ids) :]:
            ids.append(await _upload(http, credentials, one))
            if time.is_over:
                break
    return Pending(progress={"files": ",".join(ids)}, check_after=timedelta(0))


async def _upload(http: Http, credentials: Mapping[str, str], one: Attachment) -> str:
    wanted = {"filename": one.name, "length": str(one.size)}
    said = {"alt_txt": one.alt_text} if one.alt_text else {}
    try:
        place = await read(http, credentials, "files.getUploadURLExternal", **wanted, **said)
    except Refused as refusal:
        raise about_a_file(refusal) from refusal
    with otherwise_malformed("Slack answered without a place to upload to."):
        url, identifier = str(place["upload_url"]), str(place["file_id"])
    answer = await http.request("POST", url, content=one)
    if answer.status != HTTPStatus.OK or not answer.body.startswith(b"OK"):
        body_of(answer)
        raise malformed("Slack's answer to a file cannot be understood.")
    return identifier


async def share(
    http: Http, credentials: Mapping[str, str], publication: Publication, channel: str
) -> str | Pending:
    """Share what is uploaded, once, and answer the timestamp of the message that does.

    Slack may take a moment to tell it.
    """
    ids, thread = known_files(publication.progress), thread_of(publication)
    if _SHARED not in publication.progress:
        shared = {
            "files": [
                {"id": each, "title": one.name}
                for each, one in zip(ids, publication.attachments, strict=True)
            ],
            "channel_id": channel,
            **({"initial_comment": escaped(publication.text)} if publication.text else {}),
            **({"thread_ts": thread} if thread else {}),
        }
        url = address(credentials, "files.completeUploadExternal")
        body_of(await http.request("POST", url, headers=bearing(credentials), json=shared))
    try:
        stamp = _stamp(await read(http, credentials, "files.info", file=ids[0]), channel)
    except ProviderError:
        stamp = None  # it is shared by now, whatever becomes of the question
    progress = {"files": ",".join(ids), _SHARED: "yes"}
    return stamp or Pending(progress=progress, check_after=_LOOKS_AGAIN, is_under_way=True)


def _stamp(told: Mapping[str, Any], channel: str) -> str | None:
    """Of the message by which a file is in a channel."""
    with otherwise_malformed("Slack's answer about a file cannot be understood."):
        kinds = (told["file"].get("shares") or {}).values()
        stamps = [str(one["ts"]) for kind in kinds for one in kind.get(channel, ())]
    return stamps[0] if stamps else None
