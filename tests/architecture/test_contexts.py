"""Rules 1, 2 and 3: rooms of a context, what each may import, and the one door between contexts."""

import sys
from pathlib import Path

import pytest

from tests.architecture.tree import (
    CONTEXTS,
    PACKAGES,
    PURE_LIBRARIES,
    ROOMS,
    ROOT,
    graph,
    imports,
    is_ours,
    within,
)


def _context(module: str) -> str:
    """`identity` for anything in it, an empty string outside the contexts."""
    parts = module.split(".")
    return parts[1] if parts[0] == "shared" and len(parts) > 1 and parts[1] in CONTEXTS else ""


def _room(module: str) -> str:
    return (*module.split("."), "", "")[2]


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_context_has_only_the_four_rooms(context: str) -> None:
    place = ROOT / "shared" / context
    found = {
        path.name.removesuffix(".py")
        for path in place.iterdir()
        if path.name not in {"__init__.py", "__pycache__"}
    }
    strange = sorted(found - set(ROOMS))
    assert not strange, f"shared/{context} has {strange}: its place is in one of {ROOMS}"


@pytest.mark.parametrize("context", CONTEXTS)
def test_inside_a_context_dependencies_point_inwards(context: str) -> None:
    outwards = {
        f"{module} imports {other}"
        for module in within(f"shared.{context}") - {f"shared.{context}"}
        for other in imports(module)
        if _context(other) == context
        and other != f"shared.{context}"
        and ROOMS.index(_room(other)) > ROOMS.index(_room(module))
    }
    assert not outwards, f"{' > '.join(reversed(ROOMS))}: {sorted(outwards)}"


@pytest.mark.parametrize("context", CONTEXTS)
def test_another_context_is_reached_only_through_its_api(context: str) -> None:
    """Functions are drivers: they may use any room of the context they drive."""
    trespasses = {
        f"{importer} imports {module}"
        for module in within(f"shared.{context}") - within(f"shared.{context}.api")
        for importer in graph().find_modules_that_directly_import(module)
        if importer.startswith("shared.") and _context(importer) != context
    }
    assert not trespasses, f"ask shared.{context}.api instead: {sorted(trespasses)}"


@pytest.mark.parametrize("context", CONTEXTS)
def test_only_adapters_reach_another_context(context: str) -> None:
    trespasses = {
        f"{module} imports {other}"
        for module in within(f"shared.{context}")
        if _room(module) != "adapters"
        for other in imports(module)
        if _context(other) not in {"", context}
    }
    assert not trespasses, (
        f"declare a port in application/ports.py and bridge it in shared/{context}/adapters: "
        f"{sorted(trespasses)}"
    )


@pytest.mark.parametrize(
    "package",
    [
        "shared.kernel",
        *(f"shared.{context}.{room}" for context in CONTEXTS for room in ("domain", "application")),
    ],
)
def test_the_inside_imports_no_technology(package: str) -> None:
    allowed = sys.stdlib_module_names | PURE_LIBRARIES
    foreign = {
        f"{module} imports {other}"
        for module in within(package)
        for other in imports(module)
        if not is_ours(other) and other.partition(".")[0] not in allowed
    }
    assert not foreign, f"technology belongs into adapters: {sorted(foreign)}"


@pytest.mark.parametrize("package", ["shared.kernel", "shared.infrastructure"])
def test_the_ground_knows_no_context(package: str) -> None:
    trespasses = {
        f"{module} imports {other}"
        for module in within(package)
        for other in imports(module)
        if _context(other)
    }
    assert not trespasses, f"the context hands over what {package} needs: {sorted(trespasses)}"


@pytest.mark.parametrize(
    "path",
    sorted(path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_package_init_is_empty(path: Path) -> None:
    assert path.stat().st_size == 0, "re-exports make one import fifty: import the module itself"
