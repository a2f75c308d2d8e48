"""Where networks fetch the files of a publication: a server on loopback, which stands for a store.

It runs beside the simulator, not in it: an imitation may wait for it without waiting for itself.
"""

import atexit
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

_kept: dict[str, tuple[str, bytes]] = {}


def address(data: bytes, mime_type: str, name: str) -> str:
    """Keep a file; whoever knows its address may fetch it, whole or in part."""
    path = f"/{sha256(data).hexdigest()}/{name}"
    _kept[path] = mime_type, data
    return f"{_server()}{path}"


def missing() -> str:
    """The address of a file that is gone."""
    return f"{_server()}/gone/away.jpg"


@cache
def _server() -> str:
    server = _Server(("127.0.0.1", 0), _Files)
    Thread(target=server.serve_forever, daemon=True).start()
    atexit.register(server.server_close)
    atexit.register(server.shutdown)
    return f"http://127.0.0.1:{server.server_port}"


class _Server(ThreadingHTTPServer):
    request_queue_size = 256


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        mime_type, data = _kept.get(self.path, ("text/plain", b""))
        whole, first = len(data), 0
        if wanted := self.headers.get("Range"):
            start, _, end = wanted.removeprefix("bytes=").partition("-")
            first = int(start)
            data = data[first : int(end or whole - 1) + 1]
        self.send_response(404 if not whole else 206 if wanted else 200)
        if whole and wanted:
            self.send_header("Content-Range", f"bytes {first}-{first + len(data) - 1}/{whole}")
        self.send_header("Content-Type", mime_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    do_HEAD = do_GET  # noqa: N815 -- names of the library's

    def log_message(self, *_: object) -> None:
        """Say nothing of calls that went well."""
