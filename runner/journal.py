"""Every invocation as a line of JSON, to be looked at or run again."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from runner.refused import Refused


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`ok` says whether the handler returned; what it returned is not kept."""

    at: str
    function: str
    event: dict[str, Any]
    ok: bool


class Journal:
    """Events are kept whole, passwords and tokens too: nobody else may read the file."""

    def __init__(self, path: Path) -> None:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.fchmod(descriptor, 0o600)
        except OSError as error:
            raise Refused(f"The journal {path} cannot be written: {error.strerror}") from error
        # A line is one write to its end, so that two processes may share the file.
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        self._lock = Lock()

    def record(self, at: datetime, function: str, event: dict[str, Any], ok: bool) -> None:  # noqa: FBT001 a callback
        line = json.dumps({"at": at.isoformat(), "function": function, "event": event, "ok": ok})
        with self._lock:
            if not self._file.closed:
                self._file.write(f"{line}\n".encode())

    def close(self) -> None:
        with self._lock:
            self._file.close()


def read(path: Path) -> Iterator[Entry]:
    """The entries in the order in which the invocations began.

    Raises:
        Refused: there is no such file, or a line of it is not an entry.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The journal {path} cannot be read: {error}") from error
    entries = [_entry(path, number, line) for number, line in enumerate(lines, 1)]
    yield from sorted(entries, key=lambda entry: datetime.fromisoformat(entry.at))


def _entry(path: Path, number: int, line: str) -> Entry:
    try:
        entry = Entry(**json.loads(line))
        datetime.fromisoformat(entry.at)
    except (TypeError, ValueError) as error:
        raise Refused(f"Line {number} of {path} is not a journal entry") from error
    return entry
