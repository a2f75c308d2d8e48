"""What a network is made of: the lines of its provider and of its imitation.

What a family of networks shares, such as those of Meta, counts for each of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from runner.template import PATH as TEMPLATE

_ROOT: Path = TEMPLATE.parent
_PROVIDERS = "shared/channels/adapters/providers/{}.py"
_PROVIDERS_FOLDER = "shared/channels/domain/{}"
_IMITATIONS = "tests/simulator/networks/{}.py"
_IMITATIONS_FOLDER = "tests/simulator/{}"
_SHARED = re.compile(
    r"^from ((?:shared\.channels\.domain|tests\.simulator)\.[a-z]+\.[a-z_]+) import", re.MULTILINE
)
"""Modules of a network's folder, or of a family's."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """Files, and lines in them that are not empty, of each half."""

    slug: str
    provider_files: int
    provider_lines: int
    imitation_files: int
    imitation_lines: int

    @property
    def lines(self) -> int:
        return self.provider_lines + self.imitation_lines


def size(slug: str) -> Size:
    provider = _files(_PROVIDERS.format(slug), _PROVIDERS_FOLDER.format(slug))
    imitation = _files(_IMITATIONS.format(slug), _IMITATIONS_FOLDER.format(slug))
    return Size(
        slug=slug,
        provider_files=len(provider),
        provider_lines=sum(map(_lines, provider)),
        imitation_files=len(imitation),
        imitation_lines=sum(map(_lines, imitation)),
    )


def _files(file: str, folder: str) -> list[Path]:
    """The one by which it is found, and what of its own or of its family it needs besides."""
    found: dict[Path, None] = {}
    waiting = [_ROOT / file, *sorted((_ROOT / folder).rglob("*.py"))]
    while waiting:
        one = waiting.pop(0)
        if one not in found:
            found[one] = None
            waiting += _imported(one)
    return [one for one in found if one.stat().st_size]


def _imported(file: Path) -> Iterable[Path]:
    names = _SHARED.findall(file.read_text())
    paths = (_ROOT / f"{name.replace('.', '/')}.py" for name in names)
    return [path for path in paths if path.exists()]


def _lines(file: Path) -> int:
    return sum(bool(line.strip()) for line in file.read_text().splitlines())
