"""Bluesky: posts as records of the AT Protocol.

Sources: atproto.com, docs.bsky.app and the source of bluesky-social/atproto (lexicons, `pds`,
`xrpc-server`).
"""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from http import HTTPStatus
from typing import Any
from weakref import WeakValueDictionary

from shared.channels.domain.atproto import error_of, is_record_missing, is_token_refused, tid
from shared.channels.domain.bluesky_text import MAXIMUM_GRAPHEMES, facets, post_length, spans
from shared.channels.domain.network_answers import malformed
from shared.channels.domain.provider import (
    Account,
    Answer,
    ErrorClass,
    Field,
    Http,
    Publication,
    Receipt,
    Recovery,
    Refused,
    Unanswered,
)
from shared.channels.domain.server_address import base_url

_POST = "app.bsky.feed.post"
_SESSIONS_KEPT = 1000


@dataclass(frozen=True, kw_only=True)
class _Session:
    did: str
    handle: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)


class _Sessions(threading.local):
    """Sessions of the accounts served lately, by thread; what is not kept is made again.

    Making one is limited to 30 in five minutes and 300 a day for an account, so a batch makes at
    most one for each, and an expired one is refreshed rather than made anew.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], _Session] = {}
        self._locks: WeakValueDictionary[tuple[str, str, str], asyncio.Lock] = WeakValueDictionary()

    async def current(self, http: Http, credentials: Mapping[str, str]) -> _Session:
        key = _account_key(credentials)
        async with self._locks.setdefault(key, asyncio.Lock()):
            session = self._kept.get(key) or await _create_session(http, credentials)
            self._keep(key, session)
        return session

    async def renewed(
        self, http: Http, credentials: Mapping[str, str], stale: _Session
    ) -> _Session:
        """A session other than `stale`, which another call may have renewed already."""
        key = _account_key(credentials)
        async with self._locks.setdefault(key, asyncio.Lock()):
            session = self._kept.get(key)
            if session is None or session is stale:
                session = await _refresh_session(http, credentials, stale)
            self._keep(key, session)
        return session

    def _keep(self, key: tuple[str, str, str], session: _Session) -> None:
        self._kept.pop(key, None)
        self._kept[key] = session
        while len(self._kept) > _SESSIONS_KEPT:
            del self._kept[next(iter(self._kept))]


class Bluesky:
    """Publishes under a record key made from the publication's, the same on every attempt.

    A record that exists is never made twice. The server says so with a plain 500 (atproto issue
    3718), which is `Unanswered` here like any other; `find` then reads the record by its key.

    `createdAt` is the first attempt's instant: whichever attempt arrives, the post says the same.
    """

    title = "Bluesky"
    max_length = MAXIMUM_GRAPHEMES
    counts = "characters"
    connect_fields = (
        Field(name="service", label="Service", default="https://bsky.social"),
        Field(name="handle", label="Handle, such as you.bsky.social"),
        Field(name="app_password", label="App password", secret=True),
    )
    recovery: Recovery = "key"

    def __init__(self) -> None:
        self._sessions = _Sessions()

    def count(self, text: str) -> int:
        return post_length(text)

    async def connect(self, http: Http, fields: Mapping[str, str]) -> Account:
        """Sign in; who is known already by a DID may have another handle by now."""
        credentials = {
            **({"did": fields["did"]} if "did" in fields else {}),
            "service": base_url(fields.get("service") or "https://bsky.social"),
            "handle": fields["handle"].strip().removeprefix("@").lower(),
            "app_password": fields["app_password"].strip(),
        }
        session = await _create_session(http, credentials)
        profile = await _profile(http, credentials, session)
        return Account(
            external_id=session.did,
            username=f"@{session.handle}",
            display_name=profile.get("displayName") or session.handle,
            url=f"https://bsky.app/profile/{session.handle}",
            avatar_url=profile.get("avatar"),
            credentials={**credentials, "did": session.did, "handle": session.handle},
        )

    async def publish(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt:
        with _nothing_published():
            session = await self._sessions.current(http, credentials)
            marks = await _facets(http, credentials, publication.text)
        created_at = publication.first_tried_at.astimezone(UTC)
        record = {
            "$type": _POST,
            "text": publication.text,
            "createdAt": created_at.isoformat(timespec="milliseconds"),
            **({"facets": marks} if marks else {}),
        }
        rkey = tid(publication.key)
        answer = await _create_record(http, credentials, session, rkey, record)
        if is_token_refused(answer):
            with _nothing_published():
                session = await self._sessions.renewed(http, credentials, session)
            answer = await _create_record(http, credentials, session, rkey, record)
        if answer.status != HTTPStatus.OK:
            raise error_of(answer)
        return _receipt(answer, session)

    async def find(
        self, http: Http, credentials: Mapping[str, str], publication: Publication
    ) -> Receipt | None:
        """Read the record by its key, as its owner: another service's copy may lag behind."""
        session = await self._sessions.current(http, credentials)
        rkey = tid(publication.key)
        answer = await _get_record(http, credentials, session, rkey)
        if is_token_refused(answer):
            session = await self._sessions.renewed(http, credentials, session)
            answer = await _get_record(http, credentials, session, rkey)
        if is_record_missing(answer):
            return None
        if answer.status != HTTPStatus.OK:
            raise error_of(answer)
        return _receipt(answer, session)


@contextmanager
def _nothing_published() -> Iterator[None]:
    """What fails before the record is sent leaves nothing behind, answered or not."""
    try:
        yield
    except Unanswered as error:
        raise Refused(error.error_class, error.code, error.words) from error


async def _create_session(http: Http, credentials: Mapping[str, str]) -> _Session:
    identifier = credentials.get("did") or credentials["handle"]
    answer = await http.request(
        "POST",
        _address(credentials, "com.atproto.server.createSession"),
        json={"identifier": identifier, "password": credentials["app_password"]},
    )
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}:
        words = error_of(answer).words
        raise Refused(ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", words)
    return _session(answer)


async def _refresh_session(http: Http, credentials: Mapping[str, str], stale: _Session) -> _Session:
    url = _address(credentials, "com.atproto.server.refreshSession")
    answer = await http.request("POST", url, headers={"Authorization": f"Bearer {stale.refresh}"})
    if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
        return await _create_session(http, credentials)
    return _session(answer)


def _session(answer: Answer) -> _Session:
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    try:
        made = answer.json()
        return _Session(
            did=made["did"],
            handle=made["handle"],
            access=made["accessJwt"],
            refresh=made["refreshJwt"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise malformed("This service does not answer as Bluesky does.") from error


async def _profile(http: Http, credentials: Mapping[str, str], session: _Session) -> dict[str, Any]:
    """Name and picture, for show: a service that has none is none the worse."""
    answer = await http.request(
        "GET",
        _address(credentials, "app.bsky.actor.getProfile"),
        headers=_authorization(session),
        params={"actor": session.did},
    )
    try:
        profile = answer.json() if answer.status == HTTPStatus.OK else {}
    except ValueError:
        return {}
    return profile if isinstance(profile, dict) else {}


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
    try:
        return str(answer.json()["did"])
    except (KeyError, TypeError, ValueError) as error:
        raise malformed("Bluesky's answer about a handle cannot be understood.") from error


async def _create_record(
    http: Http,
    credentials: Mapping[str, str],
    session: _Session,
    rkey: str,
    record: Mapping[str, Any],
) -> Answer:
    return await http.request(
        "POST",
        _address(credentials, "com.atproto.repo.createRecord"),
        headers=_authorization(session),
        json={"repo": session.did, "collection": _POST, "rkey": rkey, "record": record},
    )


async def _get_record(
    http: Http, credentials: Mapping[str, str], session: _Session, rkey: str
) -> Answer:
    return await http.request(
        "GET",
        _address(credentials, "com.atproto.repo.getRecord"),
        headers=_authorization(session),
        params={"repo": session.did, "collection": _POST, "rkey": rkey},
    )


def _account_key(credentials: Mapping[str, str]) -> tuple[str, str, str]:
    return credentials["service"], credentials["did"], credentials["app_password"]


def _address(credentials: Mapping[str, str], procedure: str) -> str:
    return f"{credentials['service']}/xrpc/{procedure}"


def _authorization(session: _Session) -> dict[str, str]:
    return {"Authorization": f"Bearer {session.access}"}


def _receipt(answer: Answer, session: _Session) -> Receipt:
    try:
        uri = answer.json()["uri"]
        rkey = uri.rpartition("/")[2]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise malformed("Bluesky answered without the record it made.") from error
    if not uri.startswith("at://") or not rkey:
        raise malformed("Bluesky answered with an address that is none.")
    return Receipt(external_id=uri, url=f"https://bsky.app/profile/{session.handle}/post/{rkey}")


provider = Bluesky()
