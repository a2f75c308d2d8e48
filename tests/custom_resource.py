"""CloudFormation's side of a custom resource: it asks, and waits at an address of its own."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

SAMPLE = json.loads((Path(__file__).parent / "events" / "custom_resource.json").read_text())


class Waiting:
    """`told` is what came to its address, all of it, in so many bytes each as `sizes` says."""

    def __init__(self, url: str, told: list[dict[str, Any]], sizes: list[int]) -> None:
        self.url, self.told, self.sizes = url, told, sizes

    def event(self, kind: str = "Create", queues: Sequence[str] = ()) -> dict[str, Any]:
        told = {"Queues": [*queues]} if queues else {}
        return {
            **SAMPLE,
            "RequestType": kind,
            "ResponseURL": self.url,
            "ResourceProperties": {**SAMPLE["ResourceProperties"], **told},
        }

    def ask(
        self, handler: Callable[..., object], kind: str = "Create", queues: Sequence[str] = ()
    ) -> dict[str, Any]:
        """What it is told, whatever the function returns."""
        handler(self.event(kind, queues), None)
        return self.told[-1]


@contextmanager
def cloudformation() -> Iterator[Waiting]:
    told: list[dict[str, Any]] = []
    sizes: list[int] = []

    class Address(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            assert self.headers["Content-Type"] == ""
            sizes.append(int(self.headers["Content-Length"]))
            told.append(json.loads(self.rfile.read(sizes[-1])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Address) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield Waiting(
            f"http://127.0.0.1:{server.server_port}/answer?X-Amz-Expires=7200", told, sizes
        )
        server.shutdown()
