"""The HTTP client for the networks: aiohttp, bounded in time and size, and never fooled inwards.

An address that a person typed (a Mastodon instance, a Bluesky service) must not lead to this
machine or its neighbours, so names that resolve to an address that is not public are refused
while connecting, after the name was resolved and for every connection anew.
"""

import asyncio
import ipaddress
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from shared.infrastructure.settings import Settings

_MAXIMUM_BODY = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class HttpClientSettings(Settings):
    """`timeout` in seconds, for a whole call; `allow_private` opens private addresses."""

    timeout: float = 30.0
    allow_private: bool = False


class NotSent(Exception):
    """The request never left: nobody can have acted on it."""


class NoAnswer(Exception):
    """The request left and no whole answer came back: somebody may have acted on it."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """A whole answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Decode the body.

        Raises:
            ValueError: it is not JSON.
        """
        return json.loads(self.body)


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
    ) -> Response:
        """Make one call; redirects are answers, not followed.

        Raises:
            NotSent, NoAnswer: which of the two decides whether the call may be repeated.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._request(
                    method, url, headers=headers, json=json, data=form, params=params
                )
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            aiohttp.InvalidURL,
        ) as error:
            raise NotSent(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswer(type(error).__name__) from error

    async def _request(self, method: str, url: str, **arguments: Any) -> Response:
        async with self._session.request(method, url, allow_redirects=False, **arguments) as answer:
            body = await answer.content.read(_MAXIMUM_BODY)
            while not answer.content.at_eof() and len(body) < _MAXIMUM_BODY:
                body += await answer.content.read(_MAXIMUM_BODY - len(body))
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Response(status=answer.status, headers=headers, body=body)


class PublicResolver(AbstractResolver):
    """Resolves names, but only to addresses that are reachable by everybody."""

    def __init__(self) -> None:
        self._resolver = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(result["host"]) for result in found):
            raise OSError(f"{host} is not a public address")
        return found

    async def close(self) -> None:
        await self._resolver.close()


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast


@asynccontextmanager
async def http_client() -> AsyncIterator[HttpClient]:
    """A client that lives as long as the block."""
    settings = HttpClientSettings.read()
    resolver = None if settings.allow_private else PublicResolver()
    connector = aiohttp.TCPConnector(limit=0, resolver=resolver)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=min(10.0, settings.timeout))
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, headers={"User-Agent": "Luxaris"}
    ) as session:
        yield HttpClient(session, settings.timeout)
