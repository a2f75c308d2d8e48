"""The line at work, shown to whoever runs it: in figures, live, and never in production."""

import re
from pathlib import Path
from typing import Any, cast

import pytest
from prometheus_client.parser import text_string_to_metric_families

from runner.dev_pages import DEV, METRICS, STATE, with_dev_pages
from runner.front_door import Page
from runner.house import House
from runner.line_state import columns
from runner.metrics import prometheus
from shared.infrastructure.storage import Storage

SCRIPT = f"{DEV}/page.js"
OTHER = {"/other": Page(content_type="text/plain", content=b"other")}
HOUSE = House(
    folder=Path("/nowhere"),
    services="none",
    functions=[],
    cors={},
    broker_url="memory://",
    simulator_url="",
    mailbox=None,
    storage=cast("Storage", None),
)
STATE_OF_A_LINE: dict[str, Any] = {
    "statuses": {"success": 2, "pending": 1},
    "due": 1,
    "oldest_due_seconds": 7.5,
    "attempts": [
        {"channel": "x", "status": "failed", "error_class": "content", "number": 1},
        {"channel": "x", "status": "success", "error_class": "", "number": 2},
    ],
    "lateness": [("x", 0.02), ("x", 400.0)],
}


def samples() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = prometheus(lambda: STATE_OF_A_LINE, {"publishing.due.0": 3}).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_what_the_line_is_at() -> None:
    found = samples()
    assert found["luxaris_schedules", (("status", "success"),)] == 2
    assert found["luxaris_due", ()] == 1
    assert found["luxaris_oldest_due_seconds", ()] == 7.5
    of = (("error_class", "content"), ("network", "x"), ("status", "failed"))
    assert found["luxaris_attempts_total", of] == 1
    assert found["luxaris_lateness_seconds_bucket", (("le", "0.025"), ("network", "x"))] == 1
    assert found["luxaris_lateness_seconds_bucket", (("le", "+Inf"), ("network", "x"))] == 2
    assert found["luxaris_lateness_seconds_count", (("network", "x"),)] == 2
    assert found["luxaris_queue_messages", (("queue", "publishing.due.0"),)] == 3


@pytest.mark.parametrize(
    ("seconds", "counts"), [([], 0), ([0.0, 0.01], 2), ([1e9], 1), ([0.3] * 5, 5)]
)
def test_columns_count_each_that_is_no_later(seconds: list[float], counts: int) -> None:
    found = columns(seconds)
    assert found[-1] == ("+Inf", counts)
    numbers = [number for _, number in found]
    assert numbers == sorted(numbers)


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    page = with_dev_pages(OTHER, HOUSE, is_production=False).get(DEV)
    assert page is not None
    text = page.content.decode()
    assert page.content_type.startswith("text/html")
    [script] = re.findall(r"<script[^>]*>.*?</script>", text)
    assert script == f'<script src="{SCRIPT}"></script>', "the policy of all pages takes no other"
    asked = with_dev_pages(OTHER, HOUSE, is_production=False).get(SCRIPT)
    assert asked is not None
    program = asked.content.decode()
    assert f'fetch("{STATE}"' in program
    for elsewhere in ("@import", "https://"):
        assert elsewhere not in text + program
    assert "innerHTML" not in program, "what people wrote is shown as text"


def test_in_production_there_is_nothing_of_it() -> None:
    pages = with_dev_pages(OTHER, HOUSE, is_production=True)
    assert [pages.get(path) for path in (DEV, SCRIPT, STATE, METRICS)] == [None] * 4
    assert pages.get("/other") is not None


def test_other_pages_are_where_they_were() -> None:
    pages = with_dev_pages(OTHER, HOUSE, is_production=False)
    assert pages.get("/other") == OTHER["/other"]
    assert pages.get("/dev/nothing") is None
