"""What fields of requests have in common: how they are described, and how they refuse.

What is required is blank by default, so that nothing, null and spaces get the same answer.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from shared.kernel.errors import RuleViolation

T = TypeVar("T")


def exemplified(example: dict[str, Any], *required: str) -> Callable[[dict[str, Any]], None]:
    """For a model's `json_schema_extra`: what is blank by default is in truth required."""

    def extend(schema: dict[str, Any]) -> None:
        schema["examples"] = [example]
        if required:
            schema["required"] = list(required)
        for name, field in schema["properties"].items():
            if name in required or field.get("default") == "":
                field.pop("default", None)

    return extend


def kept(rule: Callable[[T], object]) -> AfterValidator:
    """Report a rule of the domain that is broken beside whatever else is wrong."""

    def check(value: T) -> T:
        try:
            rule(value)
        except RuleViolation as broken:
            told = {"meta": broken.meta}
            raise PydanticCustomError(broken.code, broken.description, told) from broken
        return value

    return AfterValidator(check)


def blank_if_absent(blank: object = "") -> BeforeValidator:
    """Take null for what the field is by default."""
    return BeforeValidator(lambda value: blank if value is None else value)
