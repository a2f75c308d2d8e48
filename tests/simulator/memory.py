"""What outlives the simulator where a file is given: accounts and posts, a line of JSON each."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Memory:
    file: Path | None = None

    def keep(self, network: str, kind: str, **said: Any) -> None:
        if self.file is None:
            return
        line = json.dumps({"network": network, "kind": kind, "said": said})
        with self.file.open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode())

    def kept(self, network: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Kind and words of all that was kept of a network, in order."""
        if self.file is None or not self.file.exists():
            return
        with self.file.open(encoding="utf-8") as lines:
            for each in map(json.loads, lines):
                if each["network"] == network:
                    yield each["kind"], each["said"]
