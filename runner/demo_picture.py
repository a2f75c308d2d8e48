"""A picture for the demo: drawn here, taken in as one that somebody uploads."""

import struct
import time
import zlib
from typing import Any
from urllib.request import Request, urlopen

from runner.json_client import JsonClient, Unexpected

WIDTH, HEIGHT = 2400, 1000
ALT_TEXT = "Dawn over a plain: a sky that turns from blue to orange"
_LONGEST = 30.0
_TIMEOUT = 30
_SETTLED = {"ready", "refused", "failed"}


def upload_picture(api: JsonClient) -> dict[str, Any]:
    """Announce it, send it where it may go, and wait until it is ready; answers the file."""
    picture = _drawn()
    announced = api.post(
        "/api/v1/media/uploads",
        {
            "name": "dawn.png",
            "size": len(picture),
            "mime_type": "image/png",
            "alt_text": ALT_TEXT,
        },
    )["data"]
    there = announced["upload"]
    call = Request(there["url"], picture, there["headers"], method=there["method"])  # noqa: S310
    with urlopen(call, timeout=_TIMEOUT):  # noqa: S310 our own store named it
        pass
    media_id = announced["media"]["id"]
    api.post(f"/api/v1/media/uploads/{media_id}/complete")
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until:
        file: dict[str, Any] = api.get(f"/api/v1/media/{media_id}")["data"]
        if file["status"] in _SETTLED:
            break
        time.sleep(0.1)
    if file["status"] != "ready":
        raise Unexpected(f"the picture is {file['status']}: {file['error_code']}")
    return file


def _drawn() -> bytes:
    """A PNG, each of its lines of one colour."""
    lines = bytearray()
    for line in range(HEIGHT):
        share = line / HEIGHT
        colour = bytes((int(40 + 215 * share), int(90 + 60 * share), int(200 - 150 * share)))
        lines += b"\0" + colour * WIDTH
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(lines), 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(told)) + kind + told + struct.pack(">I", zlib.crc32(kind + told))
        for kind, told in parts
    )
