"""Fetching a file from the Internet: bounded, onto the disk, and never from our own neighbours."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO
from urllib.parse import unquote, urljoin, urlsplit

from shared.infrastructure.http_client import (
    HttpClient,
    NoAnswer,
    NotPublic,
    NotSent,
    Stream,
    http_client,
    waited_for,
)
from shared.media.application.ports import Fetched, NotFetched

_REDIRECTS = 5
_PIECE = 256 * 1024
_AT_MOST = 100.0
"""Seconds for all of it: the function has more, and its message is taken for longer still."""
_MOVED = {301, 302, 303, 307, 308}
_LATER = {408, 425, 429}


@contextmanager
def fetch(url: str, most: int) -> Iterator[Fetched]:
    """What is at an address of the web, in a file that is gone at the end.

    Each address that it redirects to is judged as the first one, by what it leads to.

    Raises:
        NotFetched: `MEDIA_URL_NOT_ALLOWED`, `MEDIA_TOO_MANY_BYTES`, `MEDIA_FETCH_FAILED`.
    """
    with tempfile.TemporaryFile() as file:
        name = waited_for(_fetch(url, most, file))
        size = file.tell()
        file.seek(0)
        yield Fetched(name=name, size=size, content=file)


async def _fetch(url: str, most: int, file: BinaryIO) -> str:
    try:
        async with asyncio.timeout(_AT_MOST), http_client() as http:
            return await _follow(http, url, most, file)
    except NotPublic as error:
        raise NotFetched(
            "MEDIA_URL_NOT_ALLOWED", "This address is not one of the public Internet", is_final=True
        ) from error
    except NotSent as error:
        raise _failed("There is no connection to this address") from error
    except (NoAnswer, TimeoutError) as error:
        raise _failed("The file did not come to its end") from error


async def _follow(http: HttpClient, url: str, most: int, file: BinaryIO) -> str:
    for _ in range(_REDIRECTS + 1):
        if urlsplit(url).scheme not in {"http", "https"}:
            raise _failed("It leads out of the web", is_final=True)
        async with http.stream(url, headers={"Accept-Encoding": "identity"}) as answer:
            if answer.status in _MOVED and "location" in answer.headers:
                url = urljoin(url, answer.headers["location"])
                continue
            await _keep(answer, most, file)
            return unquote(urlsplit(url).path, errors="replace").rpartition("/")[2]
    raise _failed(f"It redirects more than {_REDIRECTS} times", is_final=True)


async def _keep(answer: Stream, most: int, file: BinaryIO) -> None:
    if answer.status != 200:  # noqa: PLR2004 nothing else is the file
        is_final = answer.status < 500 and answer.status not in _LATER  # noqa: PLR2004
        raise _failed(f"The answer has status {answer.status}", is_final=is_final)
    size = 0
    async for piece in answer.pieces(_PIECE):
        size += len(piece)
        if size > most:
            raise NotFetched("MEDIA_TOO_MANY_BYTES", f"A file may have {most} bytes", is_final=True)
        file.write(piece)


def _failed(words: str, *, is_final: bool = False) -> NotFetched:
    return NotFetched("MEDIA_FETCH_FAILED", words, is_final=is_final)
