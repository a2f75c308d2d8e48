"""Settings: small frozen classes, each owned by one technology, read from the environment.

The name of a variable is derived: `DatabaseSettings.url` is `DATABASE_URL`. What may be written
is the field's type: text, a number, true or false, or the words of a `Literal` or a `StrEnum`.
Any of it may be kept elsewhere, and referred to: see `secret_references`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from functools import cache
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from shared.infrastructure.secret_references import UnresolvedReference, is_reference, resolved


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
    def covers(cls, variable: str) -> bool:
        """Whether the class reads it."""
        return variable in {cls.variable(field.name) for field in fields(cls)}  # type: ignore[arg-type]

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Build the settings from `environment`, by default the process's own.

        Raises:
            InvalidSetting: naming the variable, never its value.
        """
        source = os.environ if environment is None else environment
        values = {
            field.name: _parse(variable, kind, field, source)
            for variable, kind, field in _variables(cls)  # type: ignore[arg-type]
        }
        return cls(**values)


@cache
def _variables(settings: type[Settings]) -> tuple[tuple[str, type[Any], "Field[Any]"], ...]:
    """The variables that a class reads, each with its type and its field."""
    types = get_type_hints(settings)
    return tuple(
        (settings.variable(field.name), types[field.name], field)
        for field in fields(settings)  # type: ignore[arg-type]
    )


def _parse(
    variable: str, kind: type[Any], field: "Field[Any]", source: Mapping[str, str]
) -> object:
    text = _kept(variable, source.get(variable, ""))
    if not text:
        if field.default is not MISSING:
            return field.default
        raise InvalidSetting(f"{variable} is not set")
    if words := _words(kind):
        word = text.lower() if kind is bool else text
        if word not in words:
            raise InvalidSetting(f"{variable} must be one of {', '.join(words)}")
        return words[word]
    try:
        return kind(text)
    except ValueError:
        # The error repeats the value, so it is not kept as the cause.
        raise InvalidSetting(f"{variable} must be of type {kind.__name__}") from None


def _kept(variable: str, text: str) -> str:
    """The text itself, or what it refers to."""
    if not is_reference(text):
        return text
    try:
        return resolved(text)
    except UnresolvedReference as error:
        raise InvalidSetting(f"{variable} refers to what cannot be read: {error}") from error


def _words(kind: type[Any]) -> dict[str, object]:
    """What may be written, and what it means, for a type that has only so many values."""
    if kind is bool:
        return {"true": True, "false": False}
    if get_origin(kind) is Literal:
        return {word: word for word in get_args(kind)}
    if issubclass(kind, StrEnum):
        return {word.value: word for word in kind}
    return {}
