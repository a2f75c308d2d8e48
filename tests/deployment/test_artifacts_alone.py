"""Each function starts from its artifact, by an interpreter that has nothing else.

The artifacts are made for this machine and its Python, and otherwise as `make package` makes them.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from runner.template import Function
from tests.architecture.cold import reachable
from tests.architecture.tree import FUNCTIONS, SETTINGS
from tests.benchmarks.packaged import Deployed, packaged_here

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # packages come from the registry

RUNTIME = ("boto3", "botocore", "s3transfer")
"""What Lambda's Python has beside its standard library, and we leave out."""

NOT_DEPLOYED = ("tests", "runner", "local_runner.py", "pytest", "moto", "mypy", "ruff", "uv")

_START = """
import sys
from importlib import import_module
artifact, runtime, handler, *later = sys.argv[1:]
sys.path[:0] = [artifact]
sys.path.append(runtime)
module, _, name = handler.rpartition(".")
assert callable(getattr(import_module(module), name))
for each in later:
    import_module(each)
"""


@pytest.fixture(scope="module")
def deployed() -> Deployed:
    python = str(Path(sys.executable).resolve())  # not that of .venv, which has all libraries
    return Deployed(artifacts=packaged_here(python), python=python, said="for this test")


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runtime")
    for package in RUNTIME:
        found = find_spec(package)
        assert found is not None
        assert found.origin is not None
        folder.joinpath(package).symlink_to(Path(found.origin).parent)
    return folder


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_imports_all_it_ever_does_from_its_artifact_alone(
    function: Function, deployed: Deployed, runtime: Path
) -> None:
    later = sorted(each for each in reachable(function.module) if each.startswith("shared."))
    artifact = deployed.folder_of(function)
    run = subprocess.run(
        [deployed.python, "-IS", "-c", _START, artifact, runtime, function.handler, *later],
        cwd="/",
        env=SETTINGS,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", ["functions", "media"])
def test_nothing_is_deployed_that_only_tests_and_tools_need(name: str, deployed: Deployed) -> None:
    assert deployed.artifacts is not None
    artifact = deployed.artifacts / name
    assert not [each for each in NOT_DEPLOYED if (artifact / each).exists()]
    folders = {each.name for each in artifact.rglob("*") if each.is_dir()}
    assert not folders & {"test", "tests", "testing", "_tests"}
