"""A network that costs next to nothing: Mastodon's answer to a new status, and what has arrived.

    POST   /api/v1/statuses   a status, after the delay
    GET    /receipts          for each idempotency key when it arrived, as often as it did
    DELETE /receipts          forget them

The very same process serves the runner and whatever it is compared with.
"""

import argparse
import asyncio
import json
import time
from collections import Counter, defaultdict
from http import HTTPStatus

ALLOWED = 300
"""Statuses of an account in three hours, as Mastodon has it."""


class World:
    """What has arrived since the last `clear`."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.clear()

    def clear(self) -> None:
        self.arrivals: defaultdict[str, list[float]] = defaultdict(list)
        self._posted: Counter[bytes] = Counter()
        self._number = 0

    def post(self, key: str, token: bytes) -> tuple[bytes, int]:
        """Answers the status and how many more the account may post."""
        self.arrivals[key].append(time.time())
        self._posted[token] += 1
        self._number += 1
        number = self._number
        status = (
            b'{"id":"%d","created_at":"2026-11-20T12:00:00.000Z","visibility":"public",'
            b'"uri":"https://bench.example/users/ada/statuses/%d",'
            b'"url":"https://bench.example/@ada/%d","content":"<p>posted</p>",'
            b'"account":{"id":"1","username":"ada"},"media_attachments":[],"mentions":[]}'
        )
        return status % (number, number, number), max(0, ALLOWED - self._posted[token])


class Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive; bodies have a length, as those of every client here do."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            lines = self._received[:end].split(b"\r\n")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(b":") for line in lines[1:])
            }
            whole = end + 4 + int(headers.get(b"content-length", 0))
            if len(self._received) < whole:
                return
            self._received = self._received[whole:]
            self._answer(lines[0], headers)

    def _answer(self, request: bytes, headers: dict[bytes, bytes]) -> None:
        if request.startswith(b"POST /api/v1/statuses "):
            key = headers[b"idempotency-key"].decode()
            status, left = self._world.post(key, headers[b"authorization"])
            answer = _http(
                status, b"X-RateLimit-Limit: 300\r\nX-RateLimit-Remaining: %d\r\n" % left
            )
            if self._world.delay:
                asyncio.get_running_loop().call_later(
                    self._world.delay, self._transport.write, answer
                )
            else:
                self._transport.write(answer)
        elif request.startswith(b"GET /receipts "):
            self._transport.write(_http(json.dumps(self._world.arrivals).encode()))
        elif request.startswith(b"DELETE /receipts "):
            self._world.clear()
            self._transport.write(_http(b"{}"))
        else:
            self._transport.write(_http(b'{"error":"?"}', status=HTTPStatus.NOT_FOUND))


def _http(body: bytes, headers: bytes = b"", status: HTTPStatus = HTTPStatus.OK) -> bytes:
    return (
        b"HTTP/1.1 %d %s\r\nContent-Type: application/json; charset=utf-8\r\n"
        b"Content-Length: %d\r\n%s\r\n%s"
        % (status, status.phrase.encode(), len(body), headers, body)
    )


async def serve(port: int, delay: float) -> None:
    world = World(delay)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(world), "127.0.0.1", port, backlog=1024
    )
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--delay", type=float, required=True, help="seconds")
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.delay))
