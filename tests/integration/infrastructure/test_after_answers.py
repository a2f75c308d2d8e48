"""On Lambda the answer leaves first: what is left is done before the container may freeze."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Event, Thread
from typing import Any

import pytest

from shared.infrastructure.after_answers import AfterAnswers, after_answers
from shared.infrastructure.recording import recorded


class Runtime:
    """Lambda's side: an event is given out when a test says so, to whoever has registered."""

    def __init__(self) -> None:
        self.registered: list[dict[str, Any]] = []
        self.asked = Queue[str]()
        self._invoked = Queue[int]()
        runtime = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                assert self.path == "/2020-01-01/extension/register"
                assert self.headers["Lambda-Extension-Name"]
                body = self.rfile.read(int(self.headers["Content-Length"]))
                runtime.registered.append(json.loads(body))
                self._answer(200, {"Lambda-Extension-Identifier": "7"})

            def do_GET(self) -> None:
                assert self.path == "/2020-01-01/extension/event/next"
                assert self.headers["Lambda-Extension-Identifier"] == "7"
                runtime.asked.put(self.path)
                self._answer(runtime._invoked.get(), {})

            def _answer(self, status: int, headers: dict[str, str]) -> None:
                self.send_response(status)
                for name, value in {**headers, "Content-Length": "2"}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def invoke(self) -> None:
        self._invoked.put(200)

    def end(self) -> None:
        self._invoked.put(403)


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    runtime = Runtime()
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", runtime.address)
    after_answers.cache_clear()
    yield runtime
    runtime.end()
    after_answers.cache_clear()
    for thread in threading.enumerate():
        if thread.name == "after_answers":
            thread.join(5)
    runtime.server.shutdown()
    runtime.server.server_close()


def test_the_next_event_is_asked_for_when_all_of_the_last_is_done(runtime: Runtime) -> None:
    after = AfterAnswers(runtime.address)
    assert runtime.registered == [{"events": ["INVOKE"]}]
    runtime.asked.get(timeout=5)
    may_end, ended = Event(), Event()

    def task() -> None:
        may_end.wait(5)
        ended.set()

    runtime.invoke()
    after.leave(task)
    assert runtime.asked.empty()
    may_end.set()
    runtime.asked.get(timeout=5)
    assert ended.is_set()


def test_what_fails_does_not_keep_the_container(runtime: Runtime) -> None:
    after = AfterAnswers(runtime.address)
    runtime.asked.get(timeout=5)

    def fail() -> None:
        raise RuntimeError("not today")

    for _ in range(2):
        runtime.invoke()
        after.leave(fail)
        assert runtime.asked.get(timeout=5)


def test_a_handler_leaves_its_records_to_it(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = Queue[list[Any]]()
    monkeypatch.setattr(
        "shared.infrastructure.recording.store", lambda _, logs: stored.put(list(logs))
    )

    @recorded
    def handler(event: dict[str, Any], context: Any) -> str:
        return "answered"

    runtime.asked.get(timeout=5)
    assert handler({}, None) == "answered"
    assert stored.empty(), "the event has not come to the extension yet"
    runtime.invoke()
    assert stored.get(timeout=5) == []


def test_away_from_lambda_there_is_nobody_to_leave_it_to() -> None:
    after_answers.cache_clear()
    assert after_answers() is None


def test_who_takes_no_extension_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:1")
    after_answers.cache_clear()
    assert after_answers() is None
    after_answers.cache_clear()
