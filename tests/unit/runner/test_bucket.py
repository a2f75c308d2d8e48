"""What a folder store has news of calls who listens for it, as S3 would."""

import io
import json
import time
from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from unittest.mock import DEFAULT, Mock

import pytest

from runner.bucket import BucketSource, Listener, NewsStand, listeners, stored_event
from runner.containers import Pool
from runner.template import Function, Trigger
from shared.infrastructure.events import stored_objects
from shared.infrastructure.folder_storage import FolderStorage, News
from tests.unit.runner import invocations

REAL = json.loads((Path(__file__).parents[2] / "events" / "s3.json").read_text())


@pytest.fixture
def store(tmp_path: Path) -> FolderStorage:
    return FolderStorage(f"file://{tmp_path}/store")


def keep(store: FolderStorage, key: str) -> None:
    store.put(key, io.BytesIO(b"content"), mime_type="image/png")


class SlowStand:
    """What is under way when somebody asks it for news has ended by the time it answers."""

    def __init__(self, store: FolderStorage) -> None:
        self.store = store
        self.looks = 0

    def news(self) -> list[News]:
        found = self.store.news()
        if invocations.seen["blocks"]:
            invocations.let_go.set()
            until(lambda: self.store.news() == [])
            time.sleep(0.05)
        self.looks += 1
        return found

    def forget(self, news: News) -> None:
        self.store.forget(news)


def listening(name: str, **properties: Any) -> Listener:
    trigger = Trigger(
        kind="S3",
        properties={"Bucket": "x", "Events": "s3:ObjectCreated:*", **properties},
    )
    function = Function(
        name=name,
        handler=f"{invocations.__name__}.{name}",
        timeout=29,
        environment={},
        triggers=(trigger,),
    )
    (listener,) = listeners([function], {name: Pool(function, size=1)})
    return listener


@pytest.fixture
def started(store: FolderStorage) -> Iterator[Any]:
    sources: list[BucketSource] = []

    def start(*each: Listener, stand: NewsStand = store) -> None:
        source = BucketSource(stand, each, limit=2)
        sources.append(source)
        source.start()

    yield start
    for source in sources:
        source.stop()
        source.join(5)


def until(happened: Any) -> None:
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


UPLOADS = {"S3Key": {"Rules": [{"Name": "prefix", "Value": "uploads/"}]}}


def test_event_has_the_shape_of_a_real_one(store: FolderStorage) -> None:
    keep(store, "uploads/ä b+c")
    (news,) = store.news()
    built = stored_event(news)

    def shape(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: shape(each) for name, each in value.items()}
        return [shape(each) for each in value] if isinstance(value, list) else type(value)

    assert shape(built) == shape(REAL)
    assert built["Records"][0]["s3"]["object"]["key"] == "uploads/%C3%A4+b%2Bc"
    (stored,) = stored_objects(built)
    assert (stored.key, stored.size) == ("uploads/ä b+c", 7)
    assert built["Records"][0]["eventTime"].endswith("Z")


def test_a_real_event_is_read() -> None:
    (stored,) = stored_objects(REAL)
    assert (stored.key, stored.size) == ("b21b84d653bb07b05b1e6b33684dc11b", 1305107)


def test_whoever_listens_is_called_and_the_news_are_gone(
    store: FolderStorage, started: Any
) -> None:
    keep(store, "uploads/before")
    started(listening("sees", Filter=UPLOADS))
    keep(store, "uploads/a")
    keep(store, "incoming/a")
    until(lambda: store.news() == [])
    keys = [event["Records"][0]["s3"]["object"]["key"] for event in invocations.seen["sees"]]
    assert sorted(keys) == ["uploads/a", "uploads/before"]


def test_what_ends_while_it_is_looked_at_is_not_told_again(
    store: FolderStorage, started: Any
) -> None:
    keep(store, "uploads/a")
    stand = SlowStand(store)
    started(listening("blocks"), stand=stand)
    until(lambda: stand.looks >= 3)
    assert len(invocations.seen["blocks"]) == 1


def test_a_look_that_fails_is_not_the_last(store: FolderStorage, started: Any) -> None:
    keep(store, "uploads/a")
    stand = Mock(wraps=store)
    stand.news.side_effect = chain([OSError("too many open files")], repeat(DEFAULT))
    started(listening("sees"), stand=stand)
    until(lambda: store.news() == [])
    assert len(invocations.seen["sees"]) == 1


def test_what_fails_is_tried_three_times(store: FolderStorage, started: Any) -> None:
    started(listening("raises"))
    keep(store, "uploads/a")
    until(lambda: store.news() == [])
    assert len(invocations.seen["raises"]) == 3


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        ("s3:ObjectCreated:*", True),
        ("s3:ObjectCreated:Put", True),
        ("s3:ObjectCreated:Copy", False),
        (["s3:ObjectCreated:Copy", "s3:ObjectCreated:Put"], True),
        ("s3:ObjectRemoved:*", False),
    ],
)
def test_events_by_their_names(store: FolderStorage, events: Any, *, wanted: bool) -> None:
    keep(store, "uploads/a")
    (news,) = store.news()
    assert listening("sees", Events=events).wants(news) is wanted
