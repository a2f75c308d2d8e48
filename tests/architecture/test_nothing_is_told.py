"""No secret is told where an object is shown: in a log, an error, a traceback, a contract."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from inspect import getmembers, isclass
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from runner.template import PATH
from shared.infrastructure.settings import Settings
from tests.architecture.cold import facts
from tests.architecture.deployed import document
from tests.architecture.tree import HTTP_FUNCTIONS, ROOT, module_of

SECRET = re.compile(
    r"(.+_)?(password|secret|token|credentials|api_key|recovery_codes?|code_verifier|"
    r"password_hash|token_hash|refresh_token|access_token|sealed(?:_text|_secret|_body)?|keys)"
)
HARMLESS = {
    ("TokensSettings", "access_seconds"): "a length of time",
}


def _classes(pattern: str) -> Iterator[type[Any]]:
    for path in sorted(ROOT.glob(pattern)):
        if path.name != "__init__.py":
            module = import_module(module_of(path))
            for _, found in getmembers(module, isclass):
                if found.__module__ == module.__name__:
                    yield found


VALUES = [
    found for pattern in ("shared/**/*.py",) for found in _classes(pattern) if is_dataclass(found)
]


def _secret_variables() -> set[str]:
    """What the template never echoes, by the names that functions know it by."""
    template = document(PATH.name)
    hidden = [
        {"Ref": name}
        for name, each in template["Parameters"].items()
        if str(each.get("NoEcho")) == "True"
    ]
    return {
        variable
        for each in template["Resources"].values()
        for variable, value in (
            each.get("Properties", {}).get("Environment", {}).get("Variables", {}).items()
        )
        if value in hidden
    }


def test_settings_that_the_template_hides_are_hidden_here() -> None:
    hidden = _secret_variables()
    assert len(hidden) > 4
    told = [
        variable
        for found in VALUES
        if issubclass(found, Settings)
        for each in fields(found)
        if (variable := found.variable(each.name)) in hidden and each.repr
    ]
    assert not told, "field(repr=False)"


@pytest.mark.parametrize("found", VALUES, ids=lambda found: found.__qualname__)
def test_a_value_with_a_secret_does_not_show_it(found: type[Any]) -> None:
    told = [
        each.name
        for each in fields(found)
        if each.repr
        and found.__dataclass_params__.repr
        and SECRET.fullmatch(each.name)
        and each.type in {str, "str", bytes, "bytes", "str | None"}
        and (found.__name__, each.name) not in HARMLESS
    ]
    assert not told, f"{found.__name__}: field(repr=False)"


def _models() -> list[type[BaseModel]]:
    return [
        found
        for found in _classes("functions/**/*.py")
        if issubclass(found, BaseModel) and found is not BaseModel
    ]


def test_a_password_that_is_asked_for_is_not_shown() -> None:
    told = [
        f"{model.__name__}.{name}"
        for model in _models()
        for name, each in model.model_fields.items()
        if "password" in name
        and each.annotation is not bool
        and SecretStr.__name__ not in str(each.annotation)
        and not model.__name__.endswith("Out")
    ]
    assert not told, "SecretStr"


LOOKS_REAL = re.compile(r"\b(?:eyJ[\w-]{20,}|lux_[A-Za-z0-9]{20,}|[A-Za-z0-9+/]{43}=)\b")


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_no_contract_has_a_key_that_looks_real(function: Any) -> None:
    assert not LOOKS_REAL.findall(json.dumps(facts(function)["contract"]))
