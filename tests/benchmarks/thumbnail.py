"""Thumbnails of a photograph of 24 megapixels, beside Pillow's bare call for one of them.

Ours makes two, and a blurhash and the dominant colour with them. Each measurement is a fresh
interpreter; both take turns; the clock is that of the process, from the file to the bytes; memory
is the most that was resident, imports included (what `getrusage` says is never below what the
parent had); and the best of each counts, for noise only adds.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.architecture.tree import ROOT
from tests.benchmarks.figure import Figure

SIZE = (6000, 4000)
ROUNDS = 7
GOAL = 1.3

_MEASURED = r"""
import re, sys, time
from pathlib import Path
{imports}
path = sys.argv[1]
start = time.process_time()
{call}
told = Path("/proc/self/status").read_text()
print(time.process_time() - start, int(re.search(r"VmHWM:\s+(\d+)", told)[1]) / 1024)
"""
_BARE = _MEASURED.format(
    imports="from io import BytesIO\nfrom PIL import Image",
    call="""
image = Image.open(path)
image.thumbnail((1080, 4 * 1080))
image.save(BytesIO(), "JPEG", quality=82)
""",
)
_OURS = _MEASURED.format(
    imports="""
from shared.media.adapters.pictures.previewing import preview_picture
from shared.media.domain.signature import MediaFormat
""",
    call="preview_picture(Path(path), MediaFormat.JPEG, pixels=100_000_000)",
)


def _run(code: str, photograph: Path) -> tuple[float, float]:
    told = subprocess.run(
        [sys.executable, "-c", code, str(photograph)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    return float(told[0]), float(told[1])


def _photograph(folder: Path) -> Path:
    """Colours that run into each other, with the grain that a sensor leaves."""
    ground = Image.radial_gradient("L").resize(SIZE, Image.Resampling.BICUBIC)
    grain = Image.effect_noise(SIZE, 12)
    bands = [Image.blend(ground.rotate(turn), grain, 0.15) for turn in (0, 90, 180)]
    path = folder / "photograph.jpg"
    Image.merge("RGB", bands).save(path, quality=90)
    return path


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        photograph = _photograph(Path(folder))
        _run(_OURS, photograph)
        pairs = [(_run(_OURS, photograph), _run(_BARE, photograph)) for _ in range(ROUNDS)]
    for place, (what, unit) in enumerate((("time", "s"), ("peak memory", "MiB"))):
        yield Figure(
            name=f"thumbnails of a 24-megapixel JPEG beside Pillow's own call for one, {what}",
            unit=unit,
            value=min(ours[place] for ours, _ in pairs),
            yardstick=min(bare[place] for _, bare in pairs),
            goal=GOAL,
        )
