"""What is done aside: its answer and its refusal come back, nothing else does."""

import os
import signal
import sys

import pytest

from runner.aside import aside
from runner.refused import Refused


def _import_something(name: str) -> int:
    __import__(name)
    return os.getpid()


def _refuse() -> None:
    raise Refused("no")


def test_answers_and_leaves_nothing() -> None:
    assert "this" not in sys.modules
    assert aside(_import_something, "this") != os.getpid()
    assert "this" not in sys.modules


def test_raises_what_the_task_raises() -> None:
    with pytest.raises(Refused, match=r"^no$"):
        aside(_refuse)


def test_sees_the_environment_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    for tea in ("green", "black"):
        monkeypatch.setenv("TEA", tea)
        assert aside(os.getenv, "TEA") == tea


def test_an_interrupt_is_left_to_whoever_waits() -> None:
    assert aside(signal.raise_signal, signal.SIGINT) is None
