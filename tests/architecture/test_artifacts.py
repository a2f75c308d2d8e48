"""Which of the two artifacts a function is in follows from what it may import."""

import re
import shlex
import shutil
import subprocess
import sys
import zlib
from functools import cache
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from runner.template import Function
from tests.architecture.cold import reachable
from tests.architecture.deployed import document, properties
from tests.architecture.tree import FUNCTIONS, ROOT, distributions, graph, imports

SCRIPT = (ROOT / ".ci/package").read_text()
LOCKED = re.findall(r"^([a-z0-9-]+)[=\[]", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
MEDIA = ".package/media"
_LOADED = {"psycopg-binary", "tzdata"}
"""By psycopg, where it is there; and where the system has no time zones."""
_HASH_BASED = 0b01
"""And not 0b10, which asks for the source at each import."""


def _list(name: str) -> set[str]:
    [told] = re.findall(rf'^{name}="([^"]+)"$', SCRIPT, re.MULTILINE)
    return set(told.split())


def _libraries(function: Function) -> set[str]:
    """Distributions that are imported by name in what the function may ever load, or start."""
    loaded = reachable(function.module)
    return {
        name
        for module in {*loaded, *(other for each in loaded for other in _programs(each))}
        if module in graph().modules and not graph().is_module_squashed(module)
        for other in imports(module)
        for name in distributions().get(other.partition(".")[0], ())
    }


def _programs(module: str) -> list[str]:
    """Modules of ours that it names, to start them as processes of their own."""
    spec = find_spec(module) if module.startswith("shared.") else None
    if spec is None or spec.origin is None:
        return []
    named = re.findall(r'"(shared(?:\.\w+)+)"', Path(spec.origin).read_text())
    return [each for each in named if each in graph().modules]


@cache
def _with_all_it_requires(library: str) -> frozenset[str]:
    wanted = [Requirement(each) for each in requires(library) or ()]
    names = {
        canonicalize_name(each.name)
        for each in wanted
        if each.marker is None or each.marker.evaluate({"extra": ""})
    }
    return frozenset({library}).union(*map(_with_all_it_requires, names))


def _needed(function: Function) -> set[str]:
    return set().union(*map(_with_all_it_requires, _libraries(function)))


def _is_media(function: Function) -> bool:
    told: object = properties(function.name).get("CodeUri")
    return told == MEDIA


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_finds_its_libraries_in_its_artifact(function: Function) -> None:
    pictures = _list("pictures")
    kept = pictures | _list("beside") if _is_media(function) else set(LOCKED) - pictures
    missing = _needed(function) - kept - _list("boto")
    assert not missing, f"{function.name} is in the wrong artifact, or .ci/package leaves out much"
    if _is_media(function):
        assert _libraries(function) & pictures, "the smaller artifact would do"


def test_nothing_is_kept_beside_that_nobody_needs() -> None:
    needed = set().union(*(_needed(each) for each in FUNCTIONS if _is_media(each)))
    assert _list("beside") - needed == _LOADED


def test_what_is_listed_is_locked() -> None:
    assert _list("boto") | _list("pictures") | _list("beside") <= set(LOCKED)


def test_what_is_deployed_is_what_is_tested() -> None:
    """Else a library is locked twice, for Lambda's Python and for the older one of the tests."""
    assert len(LOCKED) == len(set(LOCKED)), "constrain it in pyproject.toml, [tool.uv]"


_COMPILED = "propcache._helpers_c"
_LOAD = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location(*sys.argv[1:])
spec.loader.exec_module(module_from_spec(spec))
"""


def test_symbols_are_blanked_and_the_library_still_loads(tmp_path: Path) -> None:
    found = find_spec(_COMPILED)
    assert found is not None
    assert found.origin is not None
    library = Path(found.origin)
    blanked = tmp_path / library.name
    shutil.copy(library, blanked)
    run_path(str(ROOT / ".ci/blank_symbols.py"))["blank_symbols"](blanked)
    assert blanked.stat().st_size == library.stat().st_size
    before, after = (len(zlib.compress(each.read_bytes(), 1)) for each in (library, blanked))
    assert after < before / 2
    call = [sys.executable, "-c", _LOAD, _COMPILED, str(blanked)]
    assert subprocess.run(call, check=False).returncode == 0


def test_there_are_two_artifacts() -> None:
    """For the platform that all functions run on."""
    told = document("template.yaml")["Globals"]["Function"]
    assert (told["CodeUri"], told["Runtime"]) == (".package/functions", "python3.13")
    assert told["Architectures"] == ["arm64"]
    assert re.search(r"^platform=aarch64$", SCRIPT, re.MULTILINE)
    assert re.findall(r'^build "\$\{under\}(\w+)"', SCRIPT, re.MULTILINE) == ["functions", "media"]
    for function in FUNCTIONS:
        own = properties(function.name)
        assert own.get("CodeUri") in {None, MEDIA}
        assert not {"Architectures", "Runtime"} & own.keys()
    assert any(map(_is_media, FUNCTIONS))


def test_sizes_are_told_of_as_many_functions_as_there_are() -> None:
    told = (ROOT / "docs/deploy.md").read_text()
    media = sum(map(_is_media, FUNCTIONS))
    rows = re.findall(r"^\| `.package/(\w+)` \| (\d+) \|", told, re.MULTILINE)
    assert rows == [("functions", str(len(FUNCTIONS) - media)), ("media", str(media))]


def test_an_artifact_brings_bytecode_that_is_compared_with_nothing(tmp_path: Path) -> None:
    """Else each start compiles all it imports: dates do not survive zipping."""
    assert re.search(r'^compile "\$\{under\}functions"$', SCRIPT, re.MULTILINE)
    [told] = re.findall(r'^ *"\$python" (-m compileall .+) "\.package/\$1"$', SCRIPT, re.MULTILINE)
    module = tmp_path / "module.py"
    module.write_text("IS_OURS = True\n")
    subprocess.run([sys.executable, *shlex.split(told), tmp_path], check=True)
    [compiled] = (tmp_path / "__pycache__").iterdir()
    flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
    assert flags == _HASH_BASED, "see PEP 552"
