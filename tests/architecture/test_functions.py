"""Rules 5 and 6, the shape: one module is one function of the template, and nobody's library."""

import ast

import pytest

from runner.template import Function
from tests.architecture.tree import FUNCTIONS, ROOT, graph, imports, module_of, parsed, within

SCHEMAS = "schemas"
MODULES = {function.module for function in FUNCTIONS}


def test_every_module_is_a_function_of_the_template() -> None:
    """`functions/*.py` is shared by them, and a context may have a `schemas.py` or `schemas/`."""
    found = {
        module_of(path)
        for path in (ROOT / "functions").glob("*/**/*.py")
        if path.stem not in {"__init__", SCHEMAS} and path.parent.name != SCHEMAS
    }
    assert found - MODULES == set(), "give each a resource in template.yaml, or another place"
    assert MODULES - found == set(), "template.yaml names modules that do not exist"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_function_is_named_after_its_place(function: Function) -> None:
    """`functions.publishing.scanner.handler` is `PublishingScanner`."""
    package, context, module, attribute = function.handler.split(".")
    assert (package, attribute) == ("functions", "handler")
    expected = "".join(word.title() for word in [context, *module.split("_")])
    assert function.name == expected, f"call the resource {expected}"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_function_module_ends_in_its_handler(function: Function) -> None:
    path = ROOT.joinpath(*function.module.split(".")).with_suffix(".py")
    last = parsed(path).body[-1]
    match last:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.FunctionDef(name=name):
            assert name == "handler", f"the last statement defines {name}, not handler"
        case _:
            pytest.fail(f"{path.name} must end in `handler = …` or `def handler`")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_function_is_nobodys_library(function: Function) -> None:
    importers = graph().find_modules_that_directly_import(function.module)
    assert not importers, (
        f"{sorted(importers)} import {function.module}: move what they share into shared/, "
        "functions/*.py or the context's schemas"
    )


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_function_uses_schemas_of_its_own_context_only(function: Function) -> None:
    own = function.module.rpartition(".")[0]
    strangers = {
        other
        for other in imports(function.module)
        if other.startswith("functions.") and other.count(".") > 1 and not other.startswith(own)
    }
    assert not strangers, f"{function.module} imports {sorted(strangers)}"


def test_what_functions_share_imports_no_function() -> None:
    shared = within("functions") - MODULES
    assert not {(module, other) for module in shared for other in imports(module) & MODULES}
