"""What a network takes of a thread."""

from dataclasses import dataclass

import pytest

from shared.content.domain.thread import FollowUp, demand_fit
from shared.kernel.errors import RuleViolations


@dataclass(frozen=True)
class Channel:
    threads: bool
    id: str = "kiosk"
    title: str = "Kiosk"
    max_length: int = 5
    counts: str = "letters"

    def count(self, text: str, /) -> int:
        return len(text)


def told(content: str, *follow_ups: str, threads: bool = True) -> set[tuple[str, str | None]]:
    thread = [FollowUp(content=each, delay_seconds=0) for each in follow_ups]
    try:
        demand_fit(content, thread, Channel(threads))
    except RuleViolations as broken:
        return {(each.code, each.field) for each in broken.violations}
    return set()


@pytest.mark.parametrize("threads", [True, False])
def test_a_text_alone_needs_no_replies(*, threads: bool) -> None:
    assert told("short", threads=threads) == set()


def test_a_thread_needs_a_network_with_replies() -> None:
    assert told("short", "short") == set()
    assert told("short", "short", threads=False) == {("THREADS_NOT_SUPPORTED", "thread")}


def test_whatever_does_not_fit_is_told_together() -> None:
    assert told("longer", "short", "longer", threads=False) == {
        ("CONTENT_TOO_LONG", "content"),
        ("CONTENT_TOO_LONG", "thread.1.content"),
        ("THREADS_NOT_SUPPORTED", "thread"),
    }
