"""Faults on demand, consumed in order by calls that publish, upload or give a session."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from starlette.responses import Response

from tests.simulator.slow_bodies import slowly

Kind = Literal[
    "refuse",
    "permission",
    "rate_limit",
    "expired_token",
    "server_error_before",
    "status_before_accepting",
    "status_after_accepting",
    "fail_after_accepting",
    "hang_after_accepting",
    "slow_body",
    "malformed",
]
KINDS = frozenset(get_args(Kind))
Call = Literal["publish", "upload", "session"]
"""An upload is whatever is made at a network before the call that publishes it."""
AFTER_ACCEPTING = frozenset(
    {"status_after_accepting", "fail_after_accepting", "hang_after_accepting", "malformed"}
)


@dataclass(kw_only=True)
class Fault:
    """`retry_after` goes with a rate limit, `seconds` with what hangs or is slow, `status` alone.

    A slow body is of a call that was accepted; no imitation need know of it.

    `call` is what it spoils.
    """

    network: str
    kind: Kind
    call: Call = "publish"
    times: int = 1
    retry_after: int = 30
    seconds: float = 10.0
    status: int = 202
    text_contains: str = ""

    async def hang(self) -> None:
        await asyncio.sleep(self.seconds)

    def bare_answer(self) -> Response:
        """A status, and nothing to tell what it means."""
        return Response(status_code=self.status)


class Faults:
    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, wish: Mapping[str, Any]) -> None:
        """Raises ValueError, TypeError: no such network, kind or setting."""
        fault = Fault(**wish)
        if fault.kind not in KINDS or fault.call not in get_args(Call):
            raise ValueError(f"there is no fault {fault.kind!r} of {fault.call!r}")
        self._waiting.append(fault)

    def take(self, network: str, text: str, call: Call = "publish") -> Fault | None:
        for fault in self._waiting:
            if (fault.network, fault.call) == (network, call) and fault.text_contains in text:
                fault.times -= 1
                if not fault.times:
                    self._waiting.remove(fault)
                if fault.kind != "slow_body":
                    return fault
                slowly.set(fault.seconds)
        return None

    def waiting(self) -> int:
        return len(self._waiting)

    def clear(self) -> None:
        self._waiting.clear()
