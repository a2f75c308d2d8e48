"""Amazon S3's notifications, imitated: what is stored calls the functions that listen for it."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from threading import BoundedSemaphore, Lock, Thread
from threading import Event as Flag
from typing import Any, Protocol
from urllib.parse import quote_plus
from uuid import uuid4

from runner.containers import Pool
from runner.template import Function
from shared.infrastructure.folder_storage import News

logger = logging.getLogger(__name__)

_LOOK = 0.2
"""Seconds between looks at what is new."""
_BACK_OFF = 2.0
"""Seconds until the next one where a look failed."""
_TRIES = 3
"""How often Lambda calls a function that nobody waits for, the first time included."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """A function, and which objects it is told of: `prefix` and `suffix` are of their keys."""

    pool: Pool
    names: frozenset[str]
    prefix: str
    suffix: str

    def wants(self, news: News) -> bool:
        named = not self.names.isdisjoint({f"ObjectCreated:{news.name}", "ObjectCreated:*"})
        return named and news.key.startswith(self.prefix) and news.key.endswith(self.suffix)


def listeners(functions: Iterable[Function], pools: Mapping[str, Pool]) -> Iterator[Listener]:
    """Every notification of the template."""
    for function in functions:
        for trigger in function.of_kind("S3"):
            events = trigger.properties["Events"]
            named = [events] if isinstance(events, str) else events
            rules = trigger.properties.get("Filter", {}).get("S3Key", {}).get("Rules", [])
            told = {rule["Name"].lower(): rule["Value"] for rule in rules}
            yield Listener(
                pool=pools[function.name],
                names=frozenset(name.removeprefix("s3:") for name in named),
                prefix=told.get("prefix", ""),
                suffix=told.get("suffix", ""),
            )


class NewsStand(Protocol):
    """A store that has news of what comes into it; each is there until it is forgotten."""

    def news(self) -> list[News]: ...

    def forget(self, news: News) -> None: ...


class BucketSource:
    """News of a store; they are kept until each listener was told, or tried enough.

    At most `limit` calls are under way.
    """

    def __init__(self, stand: NewsStand, listening: Sequence[Listener], *, limit: int) -> None:
        self._stand = stand
        self._listening = listening
        self._limit = limit
        self._free = BoundedSemaphore(limit)
        self._lock = Lock()
        self._waiting: dict[str, int] = {}
        self._stopped = Flag()
        self._thread = Thread(target=self._run, name="bucket", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)
        for _ in range(self._limit):
            self._free.acquire(timeout=seconds)

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK):
            try:
                self._look()
            except Exception:
                logger.exception("news_not_read")
                self._stopped.wait(_BACK_OFF)

    def _look(self) -> None:
        with self._lock:
            under_way = set(self._waiting)  # before we look: what ends meanwhile is in both
        for news in self._stand.news():
            if news.id not in under_way:
                self._tell(news)

    def _tell(self, news: News) -> None:
        wanting = [each for each in self._listening if each.wants(news)]
        with self._lock:
            self._waiting[news.id] = len(wanting)
        if not wanting:
            self._forget(news)
        for each in wanting:
            while not self._free.acquire(timeout=_LOOK):
                if self._stopped.is_set():
                    return
            self._call(each, news, tries=1)

    def _call(self, listener: Listener, news: News, *, tries: int) -> None:
        answer = listener.pool.submit(stored_event(news))
        answer.add_done_callback(partial(self._ended, listener, news, tries))

    def _ended(self, listener: Listener, news: News, tries: int, answer: "Future[Any]") -> None:
        if answer.exception() is not None and not self._stopped.is_set():
            if tries < _TRIES:
                self._call(listener, news, tries=tries + 1)
                return
            logger.error(
                "notification_dropped",
                extra={"function": listener.pool.function.name, "key": news.key},
            )
        self._free.release()
        if answer.exception() is None or not self._stopped.is_set():
            with self._lock:
                self._waiting[news.id] -= 1
                is_told = not self._waiting[news.id]
            if is_told:
                self._forget(news)

    def _forget(self, news: News) -> None:
        self._stand.forget(news)
        with self._lock:
            self._waiting.pop(news.id, None)


def stored_event(news: News) -> dict[str, Any]:
    """What S3 sends. Shape: AWS, "Process Amazon S3 event notifications with Lambda"."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "eu-central-1",
                "eventTime": f"{news.at[:23]}Z",
                "eventName": f"ObjectCreated:{news.name}",
                "userIdentity": {"principalId": "AWS:LOCAL"},
                "requestParameters": {"sourceIPAddress": "127.0.0.1"},
                "responseElements": {"x-amz-request-id": uuid4().hex[:16], "x-amz-id-2": "local"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "local",
                    "bucket": {
                        "name": "local",
                        "ownerIdentity": {"principalId": "LOCAL"},
                        "arn": "arn:aws:s3:::local",
                    },
                    "object": {
                        "key": quote_plus(news.key, safe="/"),
                        "size": news.size,
                        "eTag": news.etag.strip('"'),
                        "sequencer": uuid4().hex[:18].upper(),
                    },
                },
            }
        ]
    }
