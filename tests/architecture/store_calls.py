"""Which calls of the bucket a function may ever come to make, read off the code.

From its use cases by the names that ports go by there, through the adapters behind them and the
methods of the store that these use, to the client's.
"""

import ast
from collections.abc import Iterator
from functools import cache

from runner.template import Function
from tests.architecture.cold import reachable
from tests.architecture.tree import ROOT, graph, parsed

STORE = "shared.infrastructure.storage"
S3 = "shared.infrastructure.s3"
PORTS = {"StoredFiles": "files", "StoredArea": "area", "DiskStore": "store"}
"""What is behind a port, and what use cases call that."""

_STORES = {"_storage", "_store", "store", "storage"}
_CLIENTS = {"_client", "_hasty_client"}


def store_calls(function: Function) -> tuple[set[str], set[str]]:
    """What it may call of the client, and what addresses it may hand out."""
    modules = reachable(function.module)
    used = {name for module in modules for name in _uses_of_the_store(module, modules)}
    [store] = [each for each in _classes(S3) if each.name == "S3Storage"]
    made = {call for method in _reached(store, used) for call in client_calls(method)}
    return made, {name for name in used if name.endswith("_address")}


def client_calls(node: ast.AST) -> set[str]:
    """Methods of a client of boto3's, and what its paginators are asked for."""
    paginated = {
        str(each.args[0].value)
        for each in ast.walk(node)
        if isinstance(each, ast.Call)
        and getattr(each.func, "attr", "") == "get_paginator"
        and isinstance(each.args[0], ast.Constant)
    }
    return paginated | set(_called_on(node, _CLIENTS)) - {"get_paginator"}


def _uses_of_the_store(module: str, modules: set[str]) -> Iterator[str]:
    if module == S3 or STORE not in graph().find_modules_directly_imported_by(module):
        return
    behind = [each for each in _classes(module) if each.name in PORTS]
    if not behind:
        yield from _called_on(_tree(module), _STORES)
    for each in behind:
        asked = {name for other in modules for name in _asked_of_port(other, PORTS[each.name])}
        for method in _reached(each, asked):
            yield from _called_on(method, _STORES)


@cache
def _asked_of_port(module: str, port: str) -> frozenset[str]:
    is_use_case = ".application." in module
    return frozenset(_called_on(_tree(module), {port}) if is_use_case else ())


def _reached(of: ast.ClassDef, asked: set[str]) -> list[ast.FunctionDef]:
    """Those methods, and what they call of their own class."""
    methods = {each.name: each for each in of.body if isinstance(each, ast.FunctionDef)}
    left, found = sorted(asked & methods.keys()), {}
    while left:
        name = left.pop()
        found[name] = methods[name]
        left += (set(_called_on(methods[name], {"self"})) & methods.keys()) - found.keys()
    return list(found.values())


def _called_on(node: ast.AST, receivers: set[str]) -> Iterator[str]:
    """What is called of whatever goes by one of these names, is kept or is handed out by it."""
    for each in ast.walk(node):
        match each:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Name(id=receiver)
                    | ast.Attribute(attr=receiver)
                    | ast.Call(func=ast.Name(id=receiver)),
                    attr=name,
                )
            ) if receiver in receivers:
                yield name


def _classes(module: str) -> list[ast.ClassDef]:
    return [each for each in _tree(module).body if isinstance(each, ast.ClassDef)]


def _tree(module: str) -> ast.Module:
    return parsed(ROOT.joinpath(*module.split(".")).with_suffix(".py"))
