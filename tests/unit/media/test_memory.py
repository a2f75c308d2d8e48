"""A long film takes no more memory than a short one, however large its file."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tests.films import film

WRAPPING = """
from pathlib import Path
from shared.media.adapters.films.inspecting import inspect_film
from shared.media.adapters.films.previewing import preview_film
from shared.media.adapters.films.wrapping import wrap
from shared.media.domain.signature import MediaFormat as F
source, target = map(Path, sys.argv[1:])
wrap(source, target, F.AVI, pixels=10**8, into=F.AVI)
inspect_film(target, F.AVI, pixels=10**8)
preview_film(target, F.AVI, pixels=10**8)
"""
ENCODING = """
from datetime import timedelta
from pathlib import Path
from shared.media.adapters.films.encoding import encode_film
from shared.media.adapters.films.inspecting import inspect_film
from shared.media.domain.fitting import plan
from shared.media.domain.rules import Fit, MediaRules, Shape, VideoRules
from shared.media.domain.signature import MediaFormat as F
source, target = map(Path, sys.argv[1:])
rules = MediaRules(videos=VideoRules(formats=("video/mp4",), max_bytes=10**8,
    max_duration=timedelta(hours=1), shape=Shape(max_width=64)))
planned = plan(inspect_film(source, F.AVI, pixels=10**8), rules, Fit.CROP)
encode_film(source, target, F.AVI, planned, pixels=10**8, until=float("inf"))
"""
MEASURED = r"""
import re, sys
from pathlib import Path
{work}
print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def peak(work: str, source: Path) -> float:
    """MiB that were resident at most; what `getrusage` says is never below what the parent had."""
    code = MEASURED.format(work=work)
    run = subprocess.run(
        [sys.executable, "-c", code, str(source), str(source.with_suffix(".out"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


@pytest.mark.parametrize("work", [WRAPPING, ENCODING], ids=["wrapping", "encoding"])
def test_length_takes_no_memory(tmp_path: Path, work: str) -> None:
    raw = {"width": 640, "height": 480, "codec": "rawvideo", "sound": None}
    short = film(tmp_path / "short.avi", seconds=4, **raw)  # type: ignore[arg-type]
    long = film(tmp_path / "long.avi", seconds=14, **raw)  # type: ignore[arg-type]
    more = (long.stat().st_size - short.stat().st_size) / 2**20
    assert more > 40
    assert peak(work, long) - peak(work, short) < more / 5
