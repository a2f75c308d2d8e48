"""What a caller might send, read off the contract: examples, and where in them there are ids."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Step = str | int


@dataclass(frozen=True, kw_only=True)
class Schema:
    """A part of the contract of a function, with the whole that it refers to."""

    part: Mapping[str, Any]
    contract: Mapping[str, Any] = field(repr=False)

    def of(self, part: Mapping[str, Any]) -> "Schema":
        """Whatever stands there, without the reference to it."""
        while "$ref" in part:
            name = part["$ref"].rpartition("/")[2]
            part = self.contract["components"]["schemas"][name]
        return Schema(part=part, contract=self.contract)

    @property
    def properties(self) -> Mapping[str, "Schema"]:
        return {name: self.of(each) for name, each in self.part.get("properties", {}).items()}

    @property
    def items(self) -> "Schema | None":
        return self.of(self.part["items"]) if "items" in self.part else None

    @property
    def choices(self) -> list["Schema"]:
        words = ("anyOf", "oneOf", "allOf")
        return [self.of(each) for word in words for each in self.part.get(word, ())]


_TEXTS = {"date-time": "2030-01-01T00:00:00Z", "email": "guest@example.com"}
"""By their formats."""


def steps_to(schema: Schema | None, wanted: Callable[[str], bool]) -> Iterator[tuple[Step, ...]]:
    """Where texts lie under such names; of a list it is the first."""
    if schema is not None:
        yield from dict.fromkeys(_steps(schema, wanted, ()))


def _steps(
    schema: Schema, wanted: Callable[[str], bool], way: tuple[Step, ...]
) -> Iterator[tuple[Step, ...]]:
    name = next((str(step) for step in reversed(way) if isinstance(step, str)), "")
    if schema.part.get("type") == "string" and wanted(name):
        yield way
    for each in schema.choices:
        yield from _steps(each, wanted, way)
    if schema.items is not None:
        yield from _steps(schema.items, wanted, (*way, 0))
    for key, each in schema.properties.items():
        yield from _steps(each, wanted, (*way, key))


def example(schema: Schema, through: tuple[Step, ...] = ()) -> Any:
    """What the contract gives as one, else something of the type; with all that leads `through`.

    What may be left out is, but on the way there.
    """
    part = schema.part
    if not through:
        given = part.get("examples") or part.get("enum")
        if given:
            return given[0]
    if schema.choices:
        fitting = (each for each in schema.choices if _leads(each, through))
        return example(next(fitting), through)
    if part.get("type") == "object":
        return _object(schema, through)
    if part.get("type") == "array" and through and schema.items is not None:
        return [example(schema.items, through[1:])]
    values = {
        "string": _TEXTS.get(part.get("format", ""), "x" * part.get("minLength", 1)),
        "integer": 1,
        "boolean": True,
        "array": [],
    }
    return part.get("default", values.get(part.get("type", "")))


def _object(schema: Schema, through: tuple[Step, ...]) -> Any:
    given = next(iter(schema.part.get("examples", ())), None)
    needed = schema.part.get("required", ())
    made = (
        dict(given)
        if isinstance(given, dict)
        else {
            name: example(each)
            for name, each in schema.properties.items()
            if name in needed or "default" not in each.part
        }
    )
    if through:
        made |= {name: example(schema.properties[name]) for name in needed if name not in made}
        made[through[0]] = example(schema.properties[str(through[0])], through[1:])
    return made


def _leads(schema: Schema, through: tuple[Step, ...]) -> bool:
    """Whether that way can be gone in it."""
    if schema.choices:
        return any(_leads(each, through) for each in schema.choices)
    if not through:
        return True
    first, *rest = through
    if isinstance(first, int):
        return schema.items is not None and _leads(schema.items, tuple(rest))
    return first in schema.properties and _leads(schema.properties[first], tuple(rest))
