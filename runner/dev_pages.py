"""The line at work, live: a page at `/dev`, what it asks for, and figures for Prometheus.

For whoever runs Luxaris on their own machine; in production there is nothing of it.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from runner.front_door import Page, Pages
from runner.house import House
from runner.line_state import BUCKETS, columns, line_state, queue_depths
from runner.mailbox import MAILBOX, latest_mails
from runner.template import Function
from shared.kernel.errors import Unavailable

DEV = "/dev"
STATE = f"{DEV}/line.json"
METRICS = f"{DEV}/metrics"

_PAGE = Path(__file__).with_name("dev_page.html")
_SCRIPT = _PAGE.with_suffix(".js")


def with_dev_pages(pages: Pages, house: House, *, is_production: bool) -> Pages:
    """The pages, and in front of them those of the line."""
    return pages if is_production else DevPages(pages, house)


@dataclass
class DevPages:
    others: Pages
    house: House

    def get(self, path: str, /) -> Page | None:
        match path:
            case "/dev" | "/dev/":
                return Page(content_type="text/html; charset=utf-8", content=_PAGE.read_bytes())
            case "/dev/page.js":
                return Page(content_type="text/javascript", content=_SCRIPT.read_bytes())
            case "/dev/line.json":
                return _json(self._state())
            case "/dev/metrics":
                return self._metrics()
        return self.others.get(path)

    def _metrics(self) -> Page | None:
        # Here, for most who run Luxaris on their own machine have no Prometheus.
        from runner.metrics import CONTENT_TYPE, prometheus

        try:
            content = prometheus(lambda: line_state(within="100 years"), self._depths())
        except Unavailable:
            content = b"# the database cannot be reached\n"
        return Page(content_type=CONTENT_TYPE, content=content)

    def _state(self) -> dict[str, Any]:
        try:
            state = line_state()
        except Unavailable:
            return {"error": "The database cannot be reached"}
        late = [seconds for _, seconds in state.pop("lateness")]
        counted = [number for _, number in columns(late)]
        apart = [number - before for number, before in zip(counted, [0.0, *counted], strict=False)]
        mailbox = self.house.mailbox
        return {
            **state,
            "lateness": {"ends": [*BUCKETS, None], "counts": apart},
            "queues": self._depths(),
            "networks": _networks(self.house.simulator_url),
            "mails": latest_mails(mailbox, 8) if mailbox else [],
            "mailbox": MAILBOX if mailbox else None,
            "services": self.house.services,
        }

    def _depths(self) -> dict[str, int]:
        return queue_depths(self.house.broker_url, self._queues)

    @cached_property
    def _queues(self) -> dict[str, None]:
        return dict.fromkeys(_queues_of(self.house.functions))


def _queues_of(functions: Iterable[Function]) -> list[str]:
    return sorted(
        queue
        for function in functions
        for trigger in function.of_kind("MQ")
        for queue in trigger.properties["Queues"]
    )


def _networks(simulator_url: str) -> list[dict[str, Any]]:
    """Each simulated network, and what it has taken since it was started."""
    if not simulator_url:
        return []
    receipts: list[dict[str, Any]] = []
    names: list[str] = []
    with suppress(OSError, ValueError):
        with urlopen(f"{simulator_url}/_simulator/networks", timeout=1) as answer:  # noqa: S310 ours
            names = json.load(answer)
        with urlopen(f"{simulator_url}/_simulator/receipts", timeout=1) as answer:  # noqa: S310
            receipts = json.load(answer)
    return [
        {
            "name": name,
            "posts": len(own := [each for each in receipts if each["network"] == name]),
            "last": own[-1]["text"][:120] if own else None,
        }
        for name in names
    ]


def _json(value: dict[str, Any]) -> Page:
    content = json.dumps(value, default=_written)
    return Page(content_type="application/json", content=content.encode())


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return float(str(value))
