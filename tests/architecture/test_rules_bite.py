"""Each rule of the house is broken once, in a copy, and the check that keeps it must say so."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

pytestmark = pytest.mark.slow

NO_SUCH_TEST = 4
"""What pytest answers where the break itself brings the thing that is tested."""


@dataclass(frozen=True, kw_only=True)
class Break:
    """`caught_by` is a test, ``module::test[of]``, or a contract of the linter, ``contract:id``."""

    name: str
    path: str
    append: str = ""
    old: str = ""
    new: str = ""
    caught_by: str

    def apply(self, text: str) -> str:
        if self.old:
            assert self.old in text, f"{self.path} no longer has {self.old!r}"
            return text.replace(self.old, self.new, 1)
        return f"{text}\n{self.append}\n"


BREAKS = [
    Break(**each)
    for each in tomllib.loads((Path(__file__).parent / "breaks.toml").read_text())["break"]
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house") / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    return copy


@pytest.fixture
def broken(house: Path, request: pytest.FixtureRequest) -> Iterator[Break]:
    change: Break = request.param
    file = house / change.path
    before = file.read_text() if file.exists() else None
    file.write_text(change.apply(before or ""))
    yield change
    if before is None:
        file.unlink()
    else:
        file.write_text(before)


def _check(house: Path, caught_by: str) -> "subprocess.CompletedProcess[str]":
    if caught_by.startswith("contract:"):
        linter = str(Path(sys.executable).with_name("lint-imports"))
        contract = caught_by.removeprefix("contract:")
        command = [linter, "--no-cache", "--no-logo", "--contract", contract]
    else:
        module, _, test = caught_by.partition("::")
        place = f"tests/architecture/{module}.py::{test}"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", place]
    return subprocess.run(
        command,
        cwd=house,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("caught_by", sorted({change.caught_by for change in BREAKS}))
def test_the_house_stands(house: Path, caught_by: str) -> None:
    run = _check(house, caught_by)
    assert run.returncode in {0, NO_SUCH_TEST}, run.stdout


@pytest.mark.parametrize("broken", BREAKS, ids=lambda change: change.name, indirect=True)
def test_a_broken_rule_is_noticed(house: Path, broken: Break) -> None:
    run = _check(house, broken.caught_by)
    assert run.returncode == 1, f"nothing noticed it:\n{run.stdout}{run.stderr}"
    word = "BROKEN" if broken.caught_by.startswith("contract:") else "FAILED"
    assert word in run.stdout
