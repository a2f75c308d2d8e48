"""Films at Bluesky: a service works on them, and leaves the blob with the account's server.

Sources: docs.bsky.app/docs/tutorials/video, the lexicons `app.bsky.video` and
`com.atproto.server.getServiceAuth`, and bluesky-social/atproto (issues 3097 and 5292 for answers
that are not as the lexicons have them). A film that is sent twice is known again by its bytes, so
an answer that was lost costs an upload and changes nothing.
"""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from shared.channels.domain.bluesky.atproto import error_of
from shared.channels.domain.bluesky.media import Blob, blob_of
from shared.channels.domain.media import Attachment
from shared.channels.domain.network_answers import (
    about_a_file,
    before_publishing,
    otherwise_malformed,
)
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import Answer, ErrorClass, Http, Pending, Refused

ADDRESS = "https://video.bsky.app"

_UPLOAD_LIMITS = "app.bsky.video.getUploadLimits"
_UPLOAD_VIDEO = "app.bsky.video.uploadVideo"
_JOB_STATUS = "app.bsky.video.getJobStatus"
_SESSION = "com.atproto.server.getSession"
_SERVICE_AUTH = "com.atproto.server.getServiceAuth"
_UPLOAD_BLOB = "com.atproto.repo.uploadBlob"
_PDS = "#atproto_pds"
_WORKS_FOR = timedelta(minutes=30)
"""For so long the service may upload what it made, as Bluesky recommends."""
_LOOKS_AGAIN = timedelta(seconds=2)
_FAILED = "JOB_STATE_FAILED"
_OF_THE_FILM = frozenset(
    {"validation_failure", "encoding_failure", "pds_upload_unsupported_blob_size"}
)
_JOBS = 3
"""How many are begun for one film whose jobs fail for another reason."""
_NO_SUCH_JOB = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})


async def blob_of_film(
    http: Http,
    credentials: Mapping[str, str],
    film: Attachment,
    progress: Mapping[str, str],
    *,
    name: str,
) -> Blob | Pending:
    """The blob, once there is one; `name` is the same on every attempt.

    Raises:
        Refused: nothing is published, whatever went wrong.
    """
    with before_publishing():
        status = None
        if job := progress.get("job"):
            status = await _looked_at(http, credentials, job)
        jobs = int(progress.get("jobs", "0"))
        if status is None or (_has_failed(status) and jobs < _JOBS):
            await _demand_room(http, credentials, film)
            status, jobs = await _sent(http, credentials, film, name), jobs + 1
        if status.get("blob"):
            return blob_of(status)
        if status.get("state") == _FAILED:
            raise _failure(status)
        begun = {"job": str(status["jobId"]), "jobs": str(jobs)}
        return Pending(progress=begun, check_after=_LOOKS_AGAIN)


async def _looked_at(
    http: Http, credentials: Mapping[str, str], job: str
) -> Mapping[str, Any] | None:
    """How far a job is; nothing where nobody knows it any more."""
    url = _address(credentials, _JOB_STATUS)
    answer = await http.request("GET", url, params={"jobId": job})
    if answer.status in _NO_SUCH_JOB:
        return None
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    return _status_of(answer)


async def _demand_room(http: Http, credentials: Mapping[str, str], film: Attachment) -> None:
    """So many films and bytes a day are an account's, once its address is confirmed."""
    did = _did_of(_service(credentials))
    token = await _token(http, credentials, {"aud": did, "lxm": _UPLOAD_LIMITS})
    answer = await http.request(
        "GET",
        _address(credentials, _UPLOAD_LIMITS),
        headers={"Authorization": f"Bearer {token}"},
    )
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    with otherwise_malformed("Bluesky's answer about its limits cannot be understood."):
        limits = answer.json()
        is_used_up = (
            limits.get("remainingDailyVideos", 1) < 1
            or limits.get("remainingDailyBytes", film.size) < film.size
        )
        if is_used_up:
            words = limits.get("message") or "Bluesky takes no more films of the account today."
            raise Refused(ErrorClass.QUOTA, "UPLOAD_LIMIT", str(words))
        if not limits["canUpload"]:
            words = limits.get("message") or "Bluesky takes no films of the account."
            raise Refused(ErrorClass.PERMISSION, "NOT_PERMITTED", str(words))


async def _sent(
    http: Http, credentials: Mapping[str, str], film: Attachment, name: str
) -> Mapping[str, Any]:
    """What becomes of it; the token lets the service speak to the account's server for it."""
    session = await http.request(
        "GET", f"{credentials['service']}/xrpc/{_SESSION}", headers=bearing(credentials)
    )
    if session.status != HTTPStatus.OK:
        raise error_of(session)
    until = session.received_at + _WORKS_FOR
    wish = {
        "aud": _did_of(_server_of(session) or credentials["service"]),
        "lxm": _UPLOAD_BLOB,
        "exp": str(int(until.timestamp())),
    }
    token = await _token(http, credentials, wish)
    answer = await http.request(
        "POST",
        _address(credentials, _UPLOAD_VIDEO),
        headers={"Authorization": f"Bearer {token}", "Content-Type": film.mime_type},
        params={"did": credentials["did"], "name": name},
        content=film,
    )
    if answer.status not in {HTTPStatus.OK, HTTPStatus.CONFLICT} and not _is_of_a_job(answer):
        raise about_a_file(error_of(answer))
    return _status_of(answer)


async def _token(http: Http, credentials: Mapping[str, str], wish: Mapping[str, str]) -> str:
    """A word of the account's server to another service, for one purpose."""
    url = f"{credentials['service']}/xrpc/{_SERVICE_AUTH}"
    answer = await http.request("GET", url, headers=bearing(credentials), params=wish)
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    with otherwise_malformed("Bluesky answered without a token for its video service."):
        return str(answer.json()["token"])


def _is_of_a_job(answer: Answer) -> bool:
    """Some refusals are told as the status of a job that was never begun."""
    return answer.status < HTTPStatus.INTERNAL_SERVER_ERROR and b'"jobStatus"' in answer.body


def _status_of(answer: Answer) -> Mapping[str, Any]:
    """Of a job; only some answers have it under its name in the lexicon.

    One that was begun for the same film before is told as a conflict.
    """
    with otherwise_malformed("Bluesky's answer about a film cannot be understood."):
        said = answer.json()
        status: Mapping[str, Any] = said.get("jobStatus", said)
        if status.get("blob") or (status["jobId"] and status["state"]):
            return status
    words = status.get("message") or status.get("error") or "Bluesky did not take the film."
    raise Refused(ErrorClass.PERMISSION, "NOT_PERMITTED", str(words))


def _has_failed(status: Mapping[str, Any]) -> bool:
    """For a reason that may not be there another time."""
    is_of_the_film = status.get("failureCode") in _OF_THE_FILM
    return status.get("state") == _FAILED and not status.get("blob") and not is_of_the_film


def _failure(status: Mapping[str, Any]) -> Refused:
    words = str(status.get("message") or status.get("error") or "Bluesky cannot use the film.")
    if _has_failed(status):
        return Refused(ErrorClass.PLATFORM, "PROCESSING_FAILED", words)
    return Refused(ErrorClass.MEDIA, "MEDIA_REFUSED", words)


def _server_of(session: Answer) -> str | None:
    """Where the account lives: behind bsky.social there are many servers."""
    with otherwise_malformed("Bluesky's answer about the session cannot be understood."):
        document = session.json().get("didDoc") or {}
        for service in document.get("service", ()):
            if str(service["id"]).endswith(_PDS):
                return str(service["serviceEndpoint"])
    return None


def _did_of(address: str) -> str:
    """`did:web`, by which services know each other (w3c-ccg.github.io/did-method-web)."""
    parts = urlsplit(address)
    host = parts.netloc.replace(":", "%3A")
    return ":".join(("did", "web", host, *filter(None, parts.path.split("/"))))


def _service(credentials: Mapping[str, str]) -> str:
    return credentials.get("video_service") or ADDRESS


def _address(credentials: Mapping[str, str], procedure: str) -> str:
    return f"{_service(credentials)}/xrpc/{procedure}"
