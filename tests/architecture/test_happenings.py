"""One list of what happens: each name is told by some path, and nobody tells of anything else."""

import ast
from pathlib import Path

import pytest

from shared.kernel.happenings import Happening
from shared.operations.domain.catalogue import KINDS
from tests.architecture.tree import ROOT

LIST = ROOT / "shared" / "kernel" / "happenings.py"
CATALOGUE = ROOT / "shared" / "operations" / "domain" / "catalogue.py"
SOURCES = [
    path for path in sorted((ROOT / "shared").rglob("*.py")) if path not in {LIST, CATALOGUE}
]


def _told(path: Path) -> set[str]:
    """The members of `Happening` that a module names."""
    return {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Happening"
    }


TOLD = {name for path in SOURCES for name in _told(path)}


@pytest.mark.parametrize("happening", Happening)
def test_each_is_told_by_some_path(happening: Happening) -> None:
    assert happening.name in TOLD, "nobody tells of it: tell, or take it off the list"


@pytest.mark.parametrize("happening", Happening)
def test_of_each_is_known_what_is_kept(happening: Happening) -> None:
    assert happening in KINDS, f"say in {CATALOGUE.name} how long {happening} is kept"


def test_names_are_their_own_words() -> None:
    assert not [each for each in Happening if each.name != each.value]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_keeps_a_list_of_their_own(path: Path) -> None:
    """Types refuse any other name; only operations writes the table."""
    tree = ast.parse(path.read_text())
    enums = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and "Happening" in node.name
        and node.bases
        and any(getattr(base, "id", "") == "StrEnum" for base in node.bases)
    ]
    assert not enums
    if "operations" not in path.parts:
        assert "INTO business_events" not in path.read_text()
