"""What is done aside: its answer and its refusal come back, nothing else does."""

import os
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
