"""Bluesky: posts as records of the AT Protocol.

Sources: atproto.com, docs.bsky.app and the source of bluesky-social/atproto (lexicons, `pds`,
`xrpc-server`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from shared.channels.domain.bluesky import media
from shared.channels.domain.bluesky.atproto import error_of, is_record_missing, session_of, tid
from shared.channels.domain.bluesky.record import COLLECTION, SETTINGS, record_of
from shared.channels.domain.bluesky.text import MAXIMUM_GRAPHEMES, facets, post_length, spans
from shared.channels.domain.bluesky.video_service import ADDRESS, blob_of_film
from shared.channels.domain.media import MediaRules
from shared.channels.domain.network_answers import (
    allowance_of,
    before_publishing,
    malformed,
    otherwise_malformed,
)
from shared.channels.domain.oauth_server import bearing
from shared.channels.domain.provider import (
    Account,
    Answer,
    ErrorClass,
    Field,
    Http,
    Pending,
    Preview,
    Publication,
    Quota,
    Receipt,
    Recovery,
    Refused,
    ReplyTo,
)
from shared.channels.domain.renewal import Renewal
from shared.channels.domain.server_address import base_url, last_segment

_CREATE_RECORD = "com.atproto.repo.createRecord"
_UPLOAD_BLOB = "com.atproto.repo.uploadBlob"
_POINTS_A_RECORD = 3


class Bluesky:
    """Publishes under a record key made from the publication's, the same on every attempt.

    A record that exists is never made twice. The server says so with a plain 500 (atproto issue
    3718), which is `Unanswered` here like any other; `find` then reads the record by its key.

    `createdAt` is the first attempt's instant: whichever attempt arrives, the post says the same.

    A session is part of the credentials: its access token lives two hours. Its refresh token may be
    used once, and for two hours more, for whoever lost the answer; after that, as after ninety days
    without use, the app password makes a new session. So a lost answer costs one session of the
    thirty that an account may make in five minutes, and of the 300 in a day, if anything.

    An account has 5,000 points an hour and 35,000 a day for its writes, and a new record costs 3.
    An answer's headers are those of the limit with the fewest points left; it may be one on which a
    record costs 1, and to count it as 3 then only errs on the safe side.
    """

    title = "Bluesky"
    max_length = MAXIMUM_GRAPHEMES
    counts = "characters"
    threads = True
    quotas = (
        Quota(limit=5_000 // _POINTS_A_RECORD, period=timedelta(hours=1)),
        Quota(limit=35_000 // _POINTS_A_RECORD, period=timedelta(days=1)),
    )
    connect_fields = (
        Field(name="service", label="Service", default="https://bsky.social"),
        Field(name="handle", label="Handle, such as you.bsky.social"),
        Field(name="app_password", label="App password", secret=True),
        Field(name="video_service", label="Video service", default=ADDRESS),
    )
    tokens = ("access_token", "refresh_token")
    recovery: Recovery = "key"
    settings_schema = SETTINGS

    def count(self, text: str) -> int:
        return post_length(text)

    def media_rules(self, settings: Mapping[str, Any]) -> MediaRules:
        return media.RULES

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Sign in; who is known already by a DID may have another handle by now."""
        credentials = {
            **({"did": fields["did"]} if "did" in fields else {}),
            "service": base_url(fields.get("service") or "https://bsky.social"),
            "handle": fields["handle"].strip().removeprefix("@").lower(),
            "app_password": fields["app_password"].strip(),
            "video_service": base_url(fields.get("video_service") or ADDRESS),
        }
        session = await _create_session(http, credentials)
        profile = await _profile(http, session.credentials)
        handle = session.credentials["handle"]
        return Account(
            external_id=session.credentials["did"],
            username=f"@{handle}",
            display_name=profile.get("displayName") or handle,
            url=f"https://bsky.app/profile/{handle}",
            avatar_url=profile.get("avatar"),
            credentials=session.credentials,
            expires_at=session.expires_at,
        )

    async def refresh(self, http: Http, credentials: Mapping[str, str]) -> Renewal:
        if "refresh_token" not in credentials:
            return await _create_session(http, credentials)
        answer = await http.request(
            "POST",
            _address(credentials, "com.atproto.server.refreshSession"),
            headers={"Authorization": f"Bearer {credentials['refresh_token']}"},
        )
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            return await _create_session(http, credentials)
        return session_of(answer, credentials)

    def preview(self, publication: Publication) -> Preview:
        """Without what it replies to and who is mentioned: the network must be asked for these."""
        files = enumerate(publication.attachments, start=1)
        embed = media.embed_of(publication.attachments, [f"<file {number}>" for number, _ in files])
        record = record_of(publication, facets=facets(spans(publication.text), {}), embed=embed)
        return Preview(
            method="POST", path=f"/xrpc/{_CREATE_RECORD}", body=_creation(publication, record)
        )

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | Pending:
        blobs = await _blobs(http, credentials, publication)
        if isinstance(blobs, Pending):
            return blobs
        with before_publishing():
            reply = await _reply(http, credentials, publication.reply_to)
            marks = await _facets(http, credentials, publication.text)
        embed = media.embed_of(publication.attachments, blobs)
        record = record_of(publication, facets=marks, embed=embed, reply=reply)
        answer = await http.request(
            "POST",
            _address(credentials, _CREATE_RECORD),
            headers=bearing(credentials),
            json={"repo": credentials["did"], **_creation(publication, record)},
        )
        allowance = allowance_of(answer, cost=_POINTS_A_RECORD)
        if answer.status != HTTPStatus.OK:
            error = error_of(answer)
            error.allowance = allowance
            raise error
        return replace(_receipt(answer, credentials), allowance=allowance)

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        answer = await _get_record(http, credentials, tid(publication.key))
        if is_record_missing(answer):
            return None
        if answer.status != HTTPStatus.OK:
            raise error_of(answer)
        return _receipt(answer, credentials)


async def _create_session(http: Http, credentials: Mapping[str, str]) -> Renewal:
    identifier = credentials.get("did") or credentials["handle"]
    answer = await http.request(
        "POST",
        _address(credentials, "com.atproto.server.createSession"),
        json={"identifier": identifier, "password": credentials["app_password"]},
    )
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
        words = error_of(answer).words
        raise Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", words)
    return session_of(answer, credentials)


async def _profile(http: Http, credentials: Mapping[str, str]) -> dict[str, Any]:
    """Name and picture, for show: a service that has none is none the worse."""
    answer = await http.request(
        "GET",
        _address(credentials, "app.bsky.actor.getProfile"),
        headers=bearing(credentials),
        params={"actor": credentials["did"]},
    )
    try:
        profile = answer.json() if answer.status == HTTPStatus.OK else {}
    except ValueError:
        return {}
    return profile if isinstance(profile, dict) else {}


async def _blobs(
    http: Http, credentials: Mapping[str, str], publication: Publication
) -> list[media.Blob] | Pending:
    attached, progress = publication.attachments, publication.progress
    if film := media.film_of(attached):
        name = f"{publication.key}.mp4"
        blob = await blob_of_film(http, credentials, film, progress, name=name)
        return blob if isinstance(blob, Pending) else [blob]
    url = _address(credentials, _UPLOAD_BLOB)
    return await media.uploaded(http, url, bearing(credentials), attached, progress)


async def _facets(http: Http, credentials: Mapping[str, str], text: str) -> list[dict[str, Any]]:
    found = spans(text)
    handles = sorted({span.value for span in found if span.kind == "mention"})
    dids = await asyncio.gather(*(_resolve(http, credentials, handle) for handle in handles))
    return facets(found, dict(zip(handles, dids, strict=True)))


async def _resolve(http: Http, credentials: Mapping[str, str], handle: str) -> str | None:
    """The DID of a handle; `None` where nobody has it, and it stays plain text."""
    url = _address(credentials, "com.atproto.identity.resolveHandle")
    answer = await http.request("GET", url, params={"handle": handle})
    if answer.status == HTTPStatus.BAD_REQUEST:
        return None
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    with otherwise_malformed("Bluesky's answer about a handle cannot be understood."):
        return str(answer.json()["did"])


async def _reply(
    http: Http, credentials: Mapping[str, str], reply_to: ReplyTo | None
) -> dict[str, Any]:
    """What a record says of the thread it is in; nothing where it is in none."""
    if reply_to is None:
        return {}
    parent = await _reference(http, credentials, reply_to.parent_id)
    if reply_to.root_id == reply_to.parent_id:
        return {"root": parent, "parent": parent}
    return {"root": await _reference(http, credentials, reply_to.root_id), "parent": parent}


async def _reference(http: Http, credentials: Mapping[str, str], identifier: str) -> dict[str, str]:
    """A record of the account by its address and by what it says (`strongRef`)."""
    answer = await _get_record(http, credentials, last_segment(identifier))
    if is_record_missing(answer):
        raise Refused(ErrorClass.CONTENT, "PARENT_MISSING", error_of(answer).words)
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    with otherwise_malformed("Bluesky's answer about a record cannot be understood."):
        found = answer.json()
        return {"uri": str(found["uri"]), "cid": str(found["cid"])}


def _creation(publication: Publication, record: Mapping[str, Any]) -> dict[str, Any]:
    return {"collection": COLLECTION, "rkey": tid(publication.key), "record": record}


async def _get_record(http: Http, credentials: Mapping[str, str], rkey: str) -> Answer:
    """A record of the account, as its owner: another service's copy may lag behind."""
    return await http.request(
        "GET",
        _address(credentials, "com.atproto.repo.getRecord"),
        headers=bearing(credentials),
        params={"repo": credentials["did"], "collection": COLLECTION, "rkey": rkey},
    )


def _address(credentials: Mapping[str, str], procedure: str) -> str:
    return f"{credentials['service']}/xrpc/{procedure}"


def _receipt(answer: Answer, credentials: Mapping[str, str]) -> Receipt:
    with otherwise_malformed("Bluesky answered without the record it made."):
        uri = answer.json()["uri"]
        rkey = uri.rpartition("/")[2]
    if not uri.startswith("at://") or not rkey:
        raise malformed("Bluesky answered with an address that is none.")
    return Receipt(
        external_id=uri, url=f"https://bsky.app/profile/{credentials['handle']}/post/{rkey}"
    )


provider = Bluesky()
