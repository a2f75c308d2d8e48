"""Which of the two artifacts a function is in follows from what it may import."""

import re

import pytest

from runner.template import Function
from tests.architecture.cold import reachable
from tests.architecture.deployed import document, properties
from tests.architecture.tree import FUNCTIONS, ROOT, distributions, graph, imports

SCRIPT = (ROOT / ".ci/package").read_text()
MEDIA = ".package/media"


def _list(name: str) -> set[str]:
    [told] = re.findall(rf'^{name}="([^"]+)"$', SCRIPT, re.MULTILINE)
    return set(told.split())


def _libraries(function: Function) -> set[str]:
    """Distributions that are imported by name in what the function may ever load."""
    return {
        name
        for module in reachable(function.module)
        if module in graph().modules and not graph().is_module_squashed(module)
        for other in imports(module)
        for name in distributions().get(other.partition(".")[0], ())
    }


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_finds_its_libraries_in_its_artifact(function: Function) -> None:
    is_media = properties(function.name).get("CodeUri") == MEDIA
    left_out = _list("others") if is_media else _list("pictures")
    libraries = _libraries(function)
    missing = libraries & left_out
    assert not missing, f"{function.name} is in the wrong artifact, or .ci/package leaves out much"
    if is_media:
        assert libraries & _list("pictures"), "the smaller artifact would do"


def test_what_is_left_out_is_locked() -> None:
    locked = set(
        re.findall(r"^([a-z0-9-]+)[=\[]", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    )
    assert _list("boto") | _list("pictures") | _list("others") <= locked


def test_there_are_two_artifacts() -> None:
    """Each for the architecture that its functions run on."""
    assert document("template.yaml")["Globals"]["Function"]["CodeUri"] == ".package/functions"
    own = {properties(function.name).get("CodeUri") for function in FUNCTIONS}
    assert own == {None, MEDIA}
    assert document("template.yaml")["Globals"]["Function"]["Runtime"] == "python3.13"
    assert re.search(r'^build functions aarch64 "\$version" ', SCRIPT, re.MULTILINE)
    assert re.search(r"^build media x86_64 3\.12 ", SCRIPT, re.MULTILINE)
    for function in FUNCTIONS:
        told = properties(function.name)
        is_media = told.get("CodeUri") == MEDIA
        assert told.get("Architectures") == (["x86_64"] if is_media else None)
        assert told.get("Runtime") == ("python3.12" if is_media else None)
