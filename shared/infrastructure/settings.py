"""Settings: small frozen classes, each owned by one technology, read from the environment.

The name of a variable is derived: `DatabaseSettings.url` is `DATABASE_URL`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any, Self, get_type_hints


class InvalidSetting(Exception):
    """A variable is missing, or its text is not of the type its class asks for."""


class Settings:
    """Base of every settings class; each is a frozen dataclass named `<Technology>Settings`."""

    @classmethod
    def variable(cls, field_name: str) -> str:
        technology = cls.__name__.removesuffix("Settings")
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", technology)
        return f"{words}_{field_name}".upper()

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Build the settings from `environment`, by default the process's own.

        Raises:
            InvalidSetting: naming the variable, never its value.
        """
        source = os.environ if environment is None else environment
        types = get_type_hints(cls)
        values = {
            field.name: _parse(cls.variable(field.name), types[field.name], field, source)
            for field in fields(cls)  # type: ignore[arg-type]
        }
        return cls(**values)


def _parse(
    variable: str, kind: type[Any], field: "Field[Any]", source: Mapping[str, str]
) -> object:
    text = source.get(variable, "")
    if not text:
        if field.default is not MISSING:
            return field.default
        raise InvalidSetting(f"{variable} is not set")
    if kind is bool:
        if text.lower() not in {"true", "false"}:
            raise InvalidSetting(f"{variable} must be true or false")
        return text.lower() == "true"
    try:
        return kind(text)
    except ValueError as error:
        raise InvalidSetting(f"{variable} must be of type {kind.__name__}") from error
