"""What somebody has sent, judged by a JSON Schema of a network: each problem with its path."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

_PATH_LENGTH = 100


@dataclass(frozen=True, kw_only=True)
class SchemaProblem:
    """`path` leads from what was sent to what is wrong with it, with dots between."""

    path: str
    words: str


def validator_of(schema: Mapping[str, Any]) -> "Validator":
    """Of a schema that is a network's own: it is trusted, what is judged by it is not."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    items = Draft202012Validator.VALIDATORS["items"]

    def few_items(
        validator: "Validator", shape: object, instance: object, schema: Mapping[str, Any]
    ) -> Iterator["ValidationError"]:
        if not _is_too_many(instance, schema):
            yield from items(validator, shape, instance, schema)

    own = {"pattern": _pattern, "items": few_items, "uniqueItems": _unique_items}
    return extend(Draft202012Validator, own)(schema)


def problems_of(validator: "Validator", sent: Mapping[str, Any]) -> list[SchemaProblem]:
    """All that is wrong, by path."""
    errors = validator.iter_errors(sent)
    found = [each for error in errors for each in _problems(error)]
    return sorted(found, key=lambda problem: (problem.path, problem.words))


def _is_too_many(instance: object, schema: Mapping[str, Any]) -> bool:
    """Whether `maxItems` says all there is to say: thousands more are not looked at one by one."""
    return isinstance(instance, list) and len(instance) > schema.get("maxItems", len(instance))


def _unique_items(
    _validator: "Validator", is_unique: object, instance: object, schema: Mapping[str, Any]
) -> Iterator["ValidationError"]:
    """As JSON tells values apart; the library compares each with each where they have no order."""
    from jsonschema import ValidationError

    if not is_unique or not isinstance(instance, list) or _is_too_many(instance, schema):
        return
    if len({json.dumps(each, sort_keys=True) for each in instance}) < len(instance):
        yield ValidationError("uniqueItems")


def _pattern(
    _validator: "Validator", pattern: str, instance: object, _schema: object
) -> Iterator["ValidationError"]:
    """As JSON Schema has it, where ``$`` is the end alone; in Python it also lets a line end."""
    from jsonschema import ValidationError

    if isinstance(instance, str) and not re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), instance):
        yield ValidationError(pattern)


def _problems(error: "ValidationError") -> Iterator[SchemaProblem]:
    """In words of our own: the library's quote what was sent, however long it is."""
    place = [str(each) for each in error.absolute_path]
    if error.validator != "additionalProperties":
        yield _problem(place, _WORDS.get(str(error.validator), _OTHER), error.validator_value)
        return
    known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
    for name in error.instance:
        if name not in known:
            yield _problem([*place, name], "This network has nothing of that name", None)


def _problem(place: list[str], words: str, value: object) -> SchemaProblem:
    path = ".".join(place)[:_PATH_LENGTH]
    return SchemaProblem(path=path, words=words.format(json.dumps(value)))


_OTHER = "The network does not take this: {}"
_WORDS = {
    "type": "This must be of the type {}",
    "enum": "This must be one of {}",
    "pattern": "This must be written so: {}",
    "minLength": "This must have at least {} characters",
    "maxLength": "This must have at most {} characters",
    "minItems": "There must be at least {} of these",
    "maxItems": "There must be at most {} of these",
    "uniqueItems": "Each of these must be there once only",
    "minimum": "This must be at least {}",
    "maximum": "This must be at most {}",
    "required": "These are needed: {}",
}
