"""Every settings class: a deployment can set all of it, and a wrong value is never shown."""

import re
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from importlib import import_module
from typing import Any

import pytest

from runner.template import variable_of
from shared.infrastructure.settings import InvalidSetting, Settings
from tests.architecture.deployed import document
from tests.architecture.tree import FUNCTIONS, ROOT, SETTINGS, module_of

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
NOT_DEPLOYED = {
    "AWS_LAMBDA_FUNCTION_NAME": "Lambda itself says it",
    "AWS_LAMBDA_RUNTIME_API": "Lambda itself says it",
    "DATABASE_POOL_SIZE": "one connection is right for each container on Lambda",
}


def _settings() -> Iterator[tuple[type[Settings], "Field[Any]"]]:
    for path in sorted(ROOT.glob("shared/**/*.py")):
        module = module_of(path) if "(Settings):" in path.read_text() else ""
        for kind in vars(import_module(module)).values() if module else ():
            if isinstance(kind, type) and kind.__module__ == module and issubclass(kind, Settings):
                yield from ((kind, field) for field in fields(kind))  # type: ignore[arg-type]


BY_VARIABLE = {kind.variable(field.name): (kind, field) for kind, field in _settings()}


def _refusal(variable: str, value: str) -> str:
    """What a log would say of a value, but for the variable's name; empty where it is taken."""
    kind, _ = BY_VARIABLE[variable]
    try:
        kind.read({**SETTINGS, variable: value})
    except InvalidSetting as error:
        return "".join(traceback.format_exception(None, error, None)).replace(variable, "")
    return ""


@pytest.mark.parametrize("variable", BY_VARIABLE)
@pytest.mark.parametrize(
    "value", ["s3cr3t", f"{KEY}:local", f"local:{KEY}x", "kéy:schlüssel", f"k3y:{KEY},{KEY}:l0cal"]
)
def test_no_part_of_a_refused_value_is_shown(variable: str, value: str) -> None:
    said = _refusal(variable, value)
    assert not [part for part in re.split("[:,]", value) if part in said]


@pytest.mark.parametrize("variable", ["ENCRYPTION_KEYS", "TOKENS_SECRET", "DATABASE_POOL_SIZE"])
def test_a_wrong_value_is_refused(variable: str) -> None:
    assert _refusal(variable, "s3cr3t")


def test_a_deployment_can_set_each() -> None:
    granted = {variable for function in FUNCTIONS for variable in function.environment}
    assert BY_VARIABLE.keys() - granted == NOT_DEPLOYED.keys(), "add a parameter to template.yaml"


def test_a_parameter_has_the_default_of_the_code() -> None:
    """So that a function that is not given it goes by the same value."""
    for name, parameter in document("template.yaml")["Parameters"].items():
        kind, field = BY_VARIABLE.get(variable_of(name), (None, None))
        if kind and field and field.default is not MISSING and parameter.get("Default"):
            read = kind.read({**SETTINGS, variable_of(name): str(parameter["Default"])})
            assert getattr(read, field.name) == field.default, name


def test_all_are_known_without_what_they_are_settings_of() -> None:
    """The runner judges them at its start, and whatever comes with them stays for good."""
    script = (
        "import sys; from runner.settings import settings_classes; settings_classes();"
        "print(*{'boto3', 'fastapi', 'PIL', 'webauthn'} & {*sys.modules})"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == []
