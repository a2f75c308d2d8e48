"""Films of a page: an upload is opened, filled, and closed, which publishes it.

Sources: developers.facebook.com (Page videos: resumable upload; Reels Publishing API; Page Stories
API; `Video`, field `status`).

The id of a film is given when its upload is opened, and told before it is published; whoever does
not know whether that arrived asks the film.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shared.channels.domain.facebook.post import post_type
from shared.channels.domain.file_pieces import piece_of
from shared.channels.domain.media import Attachment
from shared.channels.domain.meta.answers import said
from shared.channels.domain.meta.graph import Graph
from shared.channels.domain.network_answers import (
    about_a_file,
    before_publishing,
    malformed,
    otherwise_malformed,
)
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import (
    Answer,
    ErrorClass,
    Http,
    Pending,
    ProviderError,
    Publication,
    Receipt,
    Refused,
)
from shared.channels.domain.upload_time import UploadTime

_API = "https://graph.facebook.com"
_UPLOADS = "https://graph-video.facebook.com"
_AT_ONCE = timedelta(0)
_LATER = timedelta(seconds=10)
_EDGES = {"reel": "video_reels", "story": "video_stories"}
_OUT_OF_STEP = 1363037
"""The subcode of a piece that is not the one wanted next; it tells which is."""


async def publish(
    graph: Graph,
    http: Http,
    credentials: Mapping[str, str],
    publication: Publication,
    film: Attachment,
) -> Receipt | Pending:
    """One step on the way: opened, filled, closed."""
    if "video" not in publication.progress:
        with before_publishing():
            return await _opened(graph, http, credentials, publication, film)
    with before_publishing():
        step = await _filled(graph, http, credentials, publication, film)
    if isinstance(step, Pending):
        return step
    page, video = credentials["account_id"], publication.progress["video"]
    form = {"upload_phase": "finish"}
    if edge := _EDGES.get(post_type(publication)):
        form |= {"video_id": video, "video_state": "PUBLISHED"}
        if publication.text:
            form["description"] = publication.text
        made = await graph.send(http, credentials, f"{page}/{edge}", form)
    else:
        form |= {"upload_session_id": publication.progress["session"]}
        if publication.text:
            form["description"] = publication.text
        made = await graph.send(http, _uploading(credentials), f"{page}/videos", form)
    if made.get("success") is not True:
        raise malformed("Facebook answered without saying whether it took the film.")
    link = await graph.permalink(http, credentials, video)
    return Receipt(external_id=video, url=_whole(link, credentials))


async def find(
    graph: Graph, http: Http, credentials: Mapping[str, str], publication: Publication
) -> Receipt | None:
    """What has become of the film that `progress` knows; without one nothing was published."""
    video = publication.progress.get("video")
    if video is None:
        return None
    shown = await graph.read(http, credentials, video, fields="status,permalink_url")
    if _phase(shown, "publishing_phase") != "complete":
        return None
    return Receipt(
        external_id=video, url=_whole(str(shown.get("permalink_url") or ""), credentials)
    )


async def _opened(
    graph: Graph,
    http: Http,
    credentials: Mapping[str, str],
    publication: Publication,
    film: Attachment,
) -> Pending:
    page = credentials["account_id"]
    if edge := _EDGES.get(post_type(publication)):
        form = {"upload_phase": "start"}
        opened = await graph.send(http, credentials, f"{page}/{edge}", form)
        video, address = opened.get("video_id"), opened.get("upload_url")
        if not isinstance(video, str) or not isinstance(address, str):
            raise malformed("Facebook opened no upload.")
        headers = {
            "Authorization": f"OAuth {credentials['access_token']}",
            "file_url": film.url,
        }
        said(await http.request("POST", address, headers=headers))
        return Pending(progress={"video": video}, check_after=_LATER)
    form = {"upload_phase": "start", "file_size": str(film.size)}
    opened = await graph.send(http, _uploading(credentials), f"{page}/videos", form)
    with otherwise_malformed("Facebook opened no upload."):
        progress = {
            "video": str(opened["video_id"]),
            "session": str(opened["upload_session_id"]),
            "start": str(int(opened["start_offset"])),
            "end": str(int(opened["end_offset"])),
        }
    return Pending(progress=progress, check_after=_AT_ONCE)


async def _filled(
    graph: Graph,
    http: Http,
    credentials: Mapping[str, str],
    publication: Publication,
    film: Attachment,
) -> Pending | None:
    """`None` where all of it is there."""
    progress = publication.progress
    if "session" not in progress:
        shown = await graph.read(http, credentials, progress["video"], fields="status")
        if "error" in {_phase(shown, "uploading_phase"), _phase(shown, "processing_phase")}:
            words = f"Facebook could not use the film: {shown.get('status')}"
            raise Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)
        if _phase(shown, "uploading_phase") != "complete":
            return Pending(progress=progress, check_after=_LATER)
        return None
    time = UploadTime()
    start, end = int(progress["start"]), int(progress["end"])
    began = start
    while start < end:
        if start > began and time.is_over:
            told = {**progress, "start": str(start), "end": str(end)}
            return Pending(progress=told, check_after=_AT_ONCE)
        piece = await piece_of(film, start, end - start)
        answer = await http.request(
            "POST",
            graph.url(_uploading(credentials), f"{credentials['account_id']}/videos"),
            headers=bearing(credentials),
            form={
                "upload_phase": "transfer",
                "upload_session_id": progress["session"],
                "start_offset": str(start),
            },
            files={"video_file_chunk": piece},
        )
        start, end = _wanted_next(answer)
    return None


def _wanted_next(answer: Answer) -> tuple[int, int]:
    """Where the next piece begins and ends."""
    try:
        offsets = _offsets_in_error(answer) or said(answer)
        return int(offsets["start_offset"]), int(offsets["end_offset"])
    except ProviderError as error:
        raise about_a_file(error) from error
    except (KeyError, TypeError, ValueError) as error:
        raise malformed("Facebook's answer to a piece of a film cannot be understood.") from error


def _offsets_in_error(answer: Answer) -> Mapping[str, Any] | None:
    """Of an answer to a piece that is there already."""
    try:
        error = answer.json()["error"]
        return error["error_data"] if error["error_subcode"] == _OUT_OF_STEP else None
    except (KeyError, TypeError, ValueError):
        return None


def _phase(shown: Mapping[str, Any], name: str) -> str:
    status = shown.get("status")
    phase = status.get(name) if isinstance(status, dict) else None
    return str(phase.get("status")) if isinstance(phase, dict) else ""


def _uploading(credentials: Mapping[str, str]) -> Mapping[str, str]:
    """The host that takes films; where something else stands in for the API, it does for both."""
    if credentials["server"] != _API:
        return credentials
    return {**credentials, "server": _UPLOADS}


def _whole(link: str, credentials: Mapping[str, str]) -> str:
    """Of films the API tells a path."""
    if link.startswith("/"):
        return f"{credentials['url'].rpartition('/')[0]}{link}"
    return link or credentials["url"]
