"""A receipt of every post a network accepted, so that duplicates and lateness can be counted."""

import time
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from typing import Any

asked_by: ContextVar[str | None] = ContextVar("asked_by", default=None)
"""What the running call says that it goes back to, with its X-Request-ID."""


@dataclass(kw_only=True)
class Receipt:
    """`key` is the idempotency key or the record key; instants are seconds since 1970.

    `parent` is the id of the post it replies to. `repeats` counts later calls under the same key,
    which made no post. `media` are the files it carries, in order: `mime_type`, `size`, `sha256`,
    `alt_text`, and `width` and `height` where the network has looked. `request_id` is what the call
    went back to.
    """

    network: str
    account: str
    id: str
    url: str
    text: str
    key: str | None
    received_at: float
    parent: str | None = None
    accepted_at: float = field(default_factory=time.time)
    repeats: int = 0
    media: list[dict[str, Any]] = field(default_factory=list)
    request_id: str | None = field(default_factory=asked_by.get)

    def shown(self) -> dict[str, Any]:
        name = "rkey" if self.network == "bluesky" else "idempotency_key"
        shown = asdict(self)
        return {**shown, name: shown.pop("key")}


class Receipts:
    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Receipt] = {}

    def add(self, receipt: Receipt) -> None:
        self._kept[receipt.network, receipt.id] = receipt

    def of(self, network: str, post_id: str) -> list[Receipt]:
        """Those of one post, for what is done to it after it was accepted."""
        receipt = self._kept.get((network, post_id))
        return [receipt] if receipt else []

    def repeated(self, network: str, post_id: str) -> None:
        for receipt in self.of(network, post_id):
            receipt.repeats += 1

    def shown(self, network: str | None, account: str | None) -> list[dict[str, Any]]:
        return [
            receipt.shown()
            for receipt in self._kept.values()
            if network in (None, receipt.network) and account in (None, receipt.account)
        ]

    def clear(self) -> None:
        self._kept.clear()
