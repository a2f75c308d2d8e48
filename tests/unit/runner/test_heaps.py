"""What is large and given back is the machine's again, whatever stays beside it."""

import subprocess
import sys

_MEBIBYTES = """
import sys
from pathlib import Path
from runner.heaps import share_heaps

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024

if sys.argv[1:] == ["share"]:
    share_heaps()
larger = bytearray(4_000_000)
del larger
before = held()
stays, goes = [], []
for _ in range(50):
    goes.append(bytearray(b"x") * 600_000)
    stays.append(bytearray(2_000))
goes.clear()
print(held() - before)
"""


def _still_held(*arguments: str) -> int:
    run = subprocess.run(
        [sys.executable, "-c", _MEBIBYTES, *arguments], capture_output=True, text=True, check=True
    )
    return int(run.stdout)


def test_large_blocks_go_back_one_by_one() -> None:
    assert _still_held() > 20, "or there is nothing that has to be chosen"
    assert _still_held("share") <= 2
