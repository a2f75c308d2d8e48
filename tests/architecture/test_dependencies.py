"""What is wanted, what is locked and what is explained are the same packages."""

import re
import tomllib

import pytest

from tests.architecture.tree import PACKAGES, ROOT, distributions, graph, imports, within

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
DECISIONS = ROOT / "docs/decisions"
NOT_IMPORTED_BY_NAME = {
    "psycopg": "SQLAlchemy finds it by the URL",
    "tzdata": "zoneinfo reads its files",
}


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=~! ;]", requirement)[0].lower()


RUN_TIME = {_name(requirement) for requirement in PROJECT["project"]["dependencies"]}
WANTED = RUN_TIME | {
    _name(requirement) for group in PROJECT["dependency-groups"].values() for requirement in group
}


def _locked(file: str) -> set[tuple[str, str]]:
    pins = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(), re.MULTILINE)
    return {(name.lower(), version) for name, version in pins}


def test_lock_files_have_all_that_is_wanted() -> None:
    deployed = {name for name, _ in _locked("requirements.txt")}
    everything = {name for name, _ in _locked("requirements-dev.txt")}
    assert deployed >= RUN_TIME, "make lock"
    assert everything >= WANTED, "make lock"


def test_tests_run_what_is_deployed() -> None:
    runner = _locked("requirements-runner.txt")
    assert _locked("requirements.txt") <= runner <= _locked("requirements-dev.txt"), "make lock"


@pytest.mark.parametrize("file", [each.name for each in ROOT.glob("requirements*.txt")])
def test_lock_files_name_no_registry_and_hash_every_package(file: str) -> None:
    text = (ROOT / file).read_text()
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|@ ", text)
    for package in re.split(r"\n(?=[\w.-]+==)", text.strip()):
        assert "--hash=sha256:" in package, package.splitlines()[0]


def test_every_dependency_is_explained() -> None:
    rows = re.findall(r"^\| ([\w, -]+) \|", (DECISIONS / "libraries.md").read_text(), re.MULTILINE)
    explained = {name.strip() for row in rows for name in row.split(",")} - {"library"}
    assert explained == WANTED, "docs/decisions/libraries.md has a line for each dependency"


def test_every_run_time_dependency_is_used() -> None:
    used = {
        name
        for package in PACKAGES
        for module in within(package)
        for other in imports(module)
        for name in distributions().get(other.partition(".")[0], ())
    }
    assert graph().modules
    unused = RUN_TIME - used - NOT_IMPORTED_BY_NAME.keys()
    assert not unused, f"nobody imports {sorted(unused)}"


def test_every_decision_is_in_the_index() -> None:
    index = (DECISIONS / "README.md").read_text()
    pages = {page.name for page in DECISIONS.glob("*.md")} - {"README.md"}
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", index)) == pages
