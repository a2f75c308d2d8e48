"""What is told of the networks follows from their code; none loads another's, or is named."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PROVIDERS, ROOT, parsed
from tests.networks.page import PATH, page

_LOADING = """
import json, os, sys
from shared.channels.adapters.registry import load
from shared.channels.api import delivery
told = {}
for slug in sys.argv[1:]:
    reading, writing = os.pipe()
    if os.fork() == 0:
        load(slug)
        with os.fdopen(writing, "w") as pipe:
            pipe.write("\\n".join(sys.modules))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told[slug] = pipe.read().split()
    os.wait()
print(json.dumps(told))
"""


def test_the_page_is_current() -> None:
    if not PATH.exists() or PATH.read_text() != page():
        pytest.fail("docs/networks.md is out of date: python -m tests.networks")


def test_a_container_that_publishes_to_one_network_has_nothing_of_another() -> None:
    """Each costs time and memory wherever it is loaded; what is shared is in no network's name."""
    told = subprocess.run(
        [sys.executable, "-c", _LOADING, *PROVIDERS], capture_output=True, text=True, check=True
    )
    loaded = json.loads(told.stdout)
    for slug in PROVIDERS:
        of_networks = {module: _network(module) for module in loaded[slug] if _network(module)}
        assert f"shared.channels.adapters.providers.{slug}" in of_networks
        assert {*of_networks.values()} == {slug}, of_networks


def _network(module: str) -> str | None:
    """Whose a module is, if it is a network's own."""
    for place in ("shared.channels.adapters.providers.", "shared.channels.domain."):
        name = module.removeprefix(place).partition(".")[0]
        if module.startswith(place) and name in PROVIDERS:
            return name
    return None


def test_nothing_but_its_own_files_names_a_network() -> None:
    """So that adding one touches these, and nothing besides; a single letter names anything."""
    names = {slug for slug in PROVIDERS if len(slug) > 1}
    files = [ROOT / "local_runner.py", *_modules("runner"), *_modules("shared")]
    named = {
        str(file): found
        for file in files
        if not _is_a_networks_own(file)
        and any(name in file.read_text() for name in names)
        and (found := names & _words(file))
    }
    assert not named, "derive it from the provider"


def _modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def _is_a_networks_own(file: Path) -> bool:
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    return _network(module) is not None


def _words(file: Path) -> set[str]:
    tree = parsed(file)
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
