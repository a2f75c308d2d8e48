"""The journal: what is written comes back, in order, and only to its owner."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runner.journal import Journal, read
from runner.refused import Refused

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def test_entries_come_back_in_the_order_they_began(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.record(AT + timedelta(seconds=1), "Second", {"ü": [1]}, ok=False)
    journal.record(AT, "First", {}, ok=True)
    journal.close()
    first, second = read(path)
    assert (first.function, second.function) == ("First", "Second")
    assert (second.event, second.ok) == ({"ü": [1]}, False)


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.touch(0o644)
    Journal(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_second_run_appends(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    for name in ("First", "Second"):
        journal = Journal(path)
        journal.record(AT, name, {}, ok=True)
        journal.close()
    assert [entry.function for entry in read(path)] == ["First", "Second"]


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"at": "x", "function": "", "event": {}, "ok": 1}']
)
def test_line_that_is_no_entry_is_refused_by_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(f"{line}\n")
    with pytest.raises(Refused, match="Line 1 of"):
        list(read(path))


def test_missing_journal_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none\.jsonl"):
        list(read(tmp_path / "none.jsonl"))
