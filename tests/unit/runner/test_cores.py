"""A process keeps to a core where there is one for each, and nowhere else."""

import os
from typing import Any

import pytest

from runner import cores


@pytest.mark.parametrize(
    ("there_are", "processes", "kept"),
    [
        ([0, 1], 2, [0, 1]),
        ([4, 7], 2, [4, 7]),
        ([0], 1, [None]),
        ([0, 1], 1, [None]),
        ([0, 1, 2, 3], 2, [None, None]),
        ([0, 1], 3, [None, None, None]),
        ([], 2, [None, None]),
    ],
    ids=str,
)
def test_which_core(
    monkeypatch: pytest.MonkeyPatch, there_are: list[int], processes: int, kept: list[int | None]
) -> None:
    monkeypatch.setattr(cores, "_CORES", there_are)
    assert [cores.core_of(each, processes=processes) for each in range(processes)] == kept


def test_whoever_is_not_let_goes_on_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError

    before = os.sched_getaffinity(0)
    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    with cores.kept_to(min(before)):
        assert os.sched_getaffinity(0) == before


def test_what_was_kept_is_free_again() -> None:
    before = os.sched_getaffinity(0)
    with cores.kept_to(min(before)):
        assert os.sched_getaffinity(0) == {min(before)}
    assert os.sched_getaffinity(0) == before
