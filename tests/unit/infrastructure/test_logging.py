"""A log record is one JSON line that says to which request it belongs."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from shared.infrastructure.logging import configure_logging, request_id


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    output = io.StringIO()
    monkeypatch.setattr("sys.stderr", output)
    monkeypatch.setenv("LOGGING_LEVEL", "INFO")
    root.handlers = []  # pytest's own must not be closed
    configure_logging.cache_clear()
    configure_logging()
    yield output
    root.handlers, root.level = before, level


def _read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_an_event_has_its_fields_and_its_request(lines: io.StringIO) -> None:
    bound = request_id.set("request-1")
    logging.getLogger("shared.tea").warning("pot_empty", extra={"cups": 3})
    request_id.reset(bound)
    [record] = _read(lines)
    assert record.pop("timestamp")
    assert record == {
        "level": "WARNING",
        "logger": "shared.tea",
        "event": "pot_empty",
        "request_id": "request-1",
        "cups": 3,
    }


def test_the_level_is_a_setting(lines: io.StringIO) -> None:
    logging.getLogger("shared.tea").debug("too_fine")
    assert not _read(lines)


def test_an_exception_stays_on_one_line(lines: io.StringIO) -> None:
    try:
        json.loads("{}")["lid"]
    except KeyError:
        logging.getLogger("shared.tea").exception("pot_broken")
    [record] = _read(lines)
    assert "KeyError: 'lid'" in record["exc_info"]
