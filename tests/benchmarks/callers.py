"""Callers who ask an HTTP server on this machine again as soon as they are answered."""

import asyncio
import json
import time
from collections.abc import Mapping
from itertools import cycle, islice
from typing import Any

CALLERS = 8
SECONDS = 4.0


def request(method: str, path: str, headers: Mapping[str, str], body: Any = None) -> bytes:
    """What such a caller sends each time."""
    content = b"" if body is None else json.dumps(body).encode()
    sent = {
        "Host": "localhost",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


def calls_per_second(port: int, *asked: bytes, seconds: float = SECONDS) -> float:
    """What all of them together are answered; of several requests each caller sends its own.

    Raises:
        RuntimeError: with an answer that is no success.
    """

    async def ask() -> float:
        begun = time.perf_counter()
        until = begun + seconds
        own = islice(cycle(asked), CALLERS)
        answered = await asyncio.gather(*(_ask(port, each, until) for each in own))
        return sum(answered) / (time.perf_counter() - begun)

    return asyncio.run(ask())


async def _ask(port: int, asked: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    while time.perf_counter() < until:
        writer.write(asked)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        body = await reader.readexactly(int(head.partition("content-length:")[2].split("\r\n")[0]))
        if not head.startswith("http/1.1 2"):
            raise RuntimeError(f"{head}{body.decode()}")
        answered += 1
    writer.close()
    await writer.wait_closed()
    return answered
