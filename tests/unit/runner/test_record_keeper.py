"""What invocations leave is kept after their answers, several at once, and all of it at the end."""

import time

import pytest

from runner import record_keeper
from runner.record_keeper import RecordKeeper
from shared.infrastructure.recording import Ended


def test_what_comes_together_is_kept_together(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(record_keeper, "keep", lambda *ended: kept.append(len(ended)))
    keeper = RecordKeeper()
    for _ in range(20):
        keeper.put(Ended(requests=[], logs=[], figures=[]))
    keeper.settle(time.monotonic() + 5)
    assert sum(kept) == 20
    assert len(kept) < 20


def test_an_end_waits_no_longer_than_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_keeper, "keep", lambda *_: time.sleep(2))
    keeper = RecordKeeper()
    keeper.put(Ended(requests=[], logs=[], figures=[]))
    began = time.monotonic()
    keeper.settle(began + 0.1)
    assert time.monotonic() - began < 1
