"""Every function writes its invocations down: it is derived from its handler, not asked for."""

from importlib import import_module

import pytest

from runner.template import Function
from shared.infrastructure.http import HttpFunction
from tests.architecture.tree import FUNCTIONS, ROOT


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_function_writes_its_invocations_down(function: Function) -> None:
    if function.of_kind("HttpApi"):
        assert "handler = lambda_handler(app)" in _source(function)
    else:
        assert "@recorded\ndef handler(" in _source(function), "put @recorded above its handler"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_function_has_where_to_write(function: Function) -> None:
    assert "DATABASE_URL" in function.environment


def test_what_makes_handlers_makes_recorded_ones() -> None:
    from shared.infrastructure.http import create_app, lambda_handler

    assert isinstance(lambda_handler(create_app("Tea")), HttpFunction)
    assert import_module("shared.infrastructure.recording").recorded


def _source(function: Function) -> str:
    return ROOT.joinpath(*function.module.split(".")).with_suffix(".py").read_text()
