"""What stands where: contexts, functions and providers as the tree and the template have them."""

import ast
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp

from runner.template import PATH, Function, Template

ROOT = PATH.parent
PACKAGES = ("functions", "shared", "runner", "migrations")
ROOMS = ("domain", "application", "adapters", "api")
"""From the inside out."""
PURE_LIBRARIES = {"dateutil", "regex"}
"""Pure computation, on the calendar and on text: not a technology, so the inside may use it."""

SETTINGS = {
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "BROKER_URL": "memory://",
    "CACHE_URL": "memory://",
    "MAIL_URL": "maildir:///nowhere",
    "STORAGE_URL": "file:///nowhere",
    "MAIL_SENDER": "Luxaris <luxaris@localhost>",
    "FRONTEND_URL": "http://localhost:3000",
    "PUBLIC_API_URL": "http://localhost:8000",
    "TOKENS_SECRET": "a secret that is used by tests only",
    "ENCRYPTION_KEYS": "test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
}


def _folders(place: Path) -> list[str]:
    return sorted(path.parent.name for path in place.glob("*/__init__.py"))


CONTEXTS = [name for name in _folders(ROOT / "shared") if name not in {"kernel", "infrastructure"}]
PROVIDERS = sorted(
    path.stem
    for path in (ROOT / "shared/channels/adapters/providers").glob("*.py")
    if path.stem != "__init__"
)
FUNCTIONS: list[Function] = Template(PATH.read_text(), SETTINGS).functions
HTTP_FUNCTIONS = [function for function in FUNCTIONS if function.of_kind("HttpApi")]


@cache
def graph() -> grimp.ImportGraph:
    """Who imports whom, also inside functions; third-party packages are one module each."""
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


@cache
def distributions() -> Mapping[str, frozenset[str]]:
    """By the package they hold, the names of what is installed, as lock files spell them."""
    return {
        package: frozenset(name.lower().replace("_", "-") for name in names)
        for package, names in packages_distributions().items()
    }


@cache
def parsed(path: Path) -> ast.Module:
    """Several tests ask; whoever asks of all there is looks first whether the words are there."""
    return ast.parse(path.read_text())


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(package: str) -> set[str]:
    """The package and every module below it."""
    return {package} | graph().find_descendants(package) if package in graph().modules else set()


def imports(module: str) -> set[str]:
    return graph().find_modules_directly_imported_by(module)


def is_ours(module: str) -> bool:
    return module.partition(".")[0] in {*PACKAGES, "tests", "local_runner"}
