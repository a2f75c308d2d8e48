"""The HTTP client for the networks: aiohttp, bounded in time and size, and never fooled inwards.

An address that a person typed (a Mastodon instance, a Bluesky service) must not lead to this
machine or its neighbours. What counts is the address a socket is about to connect to, whether it
was resolved from a name or written as a number, so that is where it is judged, each time anew.
"""

import asyncio
import ipaddress
import json
import re
import socket
from collections.abc import AsyncIterator, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import aiohttp
from yarl import URL

from shared.infrastructure.http_bodies import Upload, body_of
from shared.infrastructure.logging import request_id
from shared.infrastructure.settings import Settings
from shared.infrastructure.tracing import span
from shared.kernel.clock import utc_now

T = TypeVar("T")

_MAXIMUM_BODY = 1024 * 1024
_NOT_PUBLIC = "is not a public address"
_WRITTEN = re.compile(r"(?:[!-$&-~]|%[0-9A-Fa-f]{2})*")  # as it goes over the wire: RFC 3986
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


@dataclass(frozen=True, kw_only=True)
class HttpClientSettings(Settings):
    """`timeout` in seconds, for a whole call; `allow_private` opens private addresses."""

    timeout: float = 30.0
    allow_private: bool = False


class NotSent(Exception):
    """The request never left: nobody can have acted on it."""


class NotPublic(NotSent):
    """The address is of this machine or its neighbours, to whom nobody may lead us."""


class NoAnswer(Exception):
    """The request left and no whole answer came back: somebody may have acted on it.

    An answer of more than 1 MiB is not read to its end, so it is none.
    """


@dataclass(frozen=True, kw_only=True)
class Response:
    """A whole answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime

    def json(self) -> Any:
        """Decode the body.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Stream:
    """An answer whose body has not been read yet; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    content: aiohttp.StreamReader = field(repr=False)

    async def pieces(self, length: int) -> AsyncIterator[bytes]:
        """All of it, in pieces of at most that length.

        Raises:
            NoAnswer: it ends too early.
        """
        try:
            async for piece in self.content.iter_chunked(length):
                yield piece
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error


class HttpClient:
    def __init__(self, session: aiohttp.ClientSession, timeout: float) -> None:
        self._session = session
        self._timeout = timeout

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        content: bytes | Upload | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Response:
        """Make one call; redirects are answers, not followed.

        With `files` the body has several parts, with `form` as its other fields. It tells which of
        our requests it goes back to, should its receiver keep a log, too.

        Raises:
            NotSent, NoAnswer: which of the two decides whether the call may be repeated.
        """
        if bound := request_id.get():
            headers = {"X-Request-ID": bound, **(headers or {})}
        try:
            async with asyncio.timeout(self._timeout):
                address = _address(url)
                body = body_of(form, content, files)
                with span(method, "client", **{"server.address": address.raw_host}):
                    return await self._request(
                        method, address, headers=headers, json=json, data=body, params=params
                    )
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.NonHttpUrlClientError,
            ValueError,  # an impossible URL or header; aiohttp's own InvalidURL is one
        ) as error:
            raise NotSent(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error

    @asynccontextmanager
    async def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None
    ) -> AsyncIterator[Stream]:
        """Get something that may be large, piece by piece; redirects are answers, not followed.

        The timeout is for each silence, not for all of it.

        Raises:
            NotPublic, NotSent, NoAnswer.
        """
        patience = aiohttp.ClientTimeout(
            total=None, connect=min(10.0, self._timeout / 2), sock_read=self._timeout
        )
        try:
            answer = await self._session.get(
                url, headers=headers, allow_redirects=False, timeout=patience
            )
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.NonHttpUrlClientError,
            ValueError,
        ) as error:
            reason = str(getattr(error, "os_error", error))  # of all addresses, if several
            kind = NotPublic if _NOT_PUBLIC in reason else NotSent
            raise kind(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error
        async with answer:
            told = {name.lower(): value for name, value in answer.headers.items()}
            yield Stream(status=answer.status, headers=told, content=answer.content)

    async def _request(self, method: str, address: URL, **arguments: Any) -> Response:
        async with self._session.request(
            method, address, allow_redirects=False, **arguments
        ) as answer:
            body = bytearray()
            async for part in answer.content.iter_any():
                body += part
                if len(body) > _MAXIMUM_BODY:
                    raise NoAnswer("AnswerTooLarge")
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Response(
                status=answer.status, headers=headers, body=bytes(body), received_at=utc_now()
            )


def _address(url: str) -> URL:
    """What is written with escapes is sent so: aiohttp would undo those it finds unneeded."""
    return URL(url, encoded=_WRITTEN.fullmatch(url) is not None)


def _public_socket(target: aiohttp.AddrInfoType) -> socket.socket:
    """A socket for this very address, if it is one that everybody can reach."""
    family, kind, protocol, _, address = target
    if not is_public(str(address[0])):
        raise OSError(f"{address[0]} {_NOT_PUBLIC}")
    return socket.socket(family, kind, protocol)


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.sixtofour or ip.teredo:
            return False
        if ip in _TRANSLATED:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        else:
            ip = ip.ipv4_mapped or ip
    return ip.is_global and not ip.is_multicast


def waited_for(calls: Coroutine[Any, Any, T]) -> T:
    """Make calls to their end, for whoever cannot await them.

    In a thread of their own, because the caller may stand in an event loop.
    """
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(copy_context().run, asyncio.run, calls).result()


@asynccontextmanager
async def http_client(*, to_ours: bool = False) -> AsyncIterator[HttpClient]:
    """A client that lives as long as the block; `to_ours` for what nobody but us has named."""
    settings = HttpClientSettings.read()
    is_open = to_ours or settings.allow_private
    connector = aiohttp.TCPConnector(limit=0, socket_factory=None if is_open else _public_socket)
    # Shorter than the whole, so that a host that takes no connection is known not to have acted.
    timeout = aiohttp.ClientTimeout(total=None, connect=min(10.0, settings.timeout / 2))
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        headers={"User-Agent": "Luxaris"},
        cookie_jar=aiohttp.DummyCookieJar(),  # one account's must not go with another's call
    ) as session:
        yield HttpClient(session, settings.timeout)
