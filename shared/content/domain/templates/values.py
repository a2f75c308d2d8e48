"""Values for a template's placeholders: held against what was declared, and written as text."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.content.domain.templates.variables import Value, Variable, VariableType
from shared.kernel.errors import RuleViolation, broken, demand_none
from shared.kernel.text import demand_storable

VALUES = 100
VALUE_LENGTH = 5_000

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")
_TICKED = {"true": True, "false": False}


def demand_values(values: Mapping[str, Value]) -> None:
    """Refuse more than anybody would fill in.

    Raises:
        RuleViolations: `VALIDATION_ERROR`, all that is wrong.
    """
    demand_none(_unfillable(values))


def _unfillable(values: Mapping[str, Value]) -> Iterator[RuleViolation]:
    if len(values) > VALUES:
        yield _refused("values", f"At most {VALUES} values are taken")
    for name, value in values.items():
        yield from _of_value(name, value)


def _of_value(name: str, value: Value) -> Iterator[RuleViolation]:
    field = f"values.{name}"
    yield from broken(lambda: demand_storable([name, value]), field)
    if isinstance(value, str) and len(value) > VALUE_LENGTH:
        yield _refused(field, f"A value has at most {VALUE_LENGTH} characters")


def texts_for(
    names: Collection[str], variables: Iterable[Variable], values: Mapping[str, Value]
) -> dict[str, str]:
    """A text for each of the names; values for other names are ignored.

    What is declared takes its default where no value is given, and is left out where it is not
    required; what is not declared is text, and needed.

    Raises:
        RuleViolations: `MISSING_PLACEHOLDER_VALUES`, with all their names, and beside it an
            `INVALID_PLACEHOLDER_VALUE` for each that is not what was declared.
    """
    declared = {variable["key"]: variable for variable in variables}
    texts, missing, violations = dict[str, str](), list[str](), list[RuleViolation]()
    for name in names:
        variable, value = declared.get(name), values.get(name)
        if value is None and variable is not None:
            value = variable["default"]
        if value is None or (variable is not None and _is_blank(value)):
            if variable is None or variable["required"]:
                missing.append(name)
            else:
                texts[name] = _text_of_nothing(variable)
            continue
        text = _written(variable, value) if variable is not None else _as_text(value)
        if text is None:
            violations.append(_invalid(name, variable))
        else:
            texts[name] = text
    if missing:
        violations.insert(0, _missing(missing))
    demand_none(violations)
    return texts


def demand_defaults(variables: Sequence[Variable]) -> None:
    """Refuse a default that would be refused as a value.

    Raises:
        RuleViolations: `INVALID_TEMPLATE_VARIABLE`.
    """
    demand_none(
        violation
        for place, variable in enumerate(variables)
        for violation in _of_default(variable, f"variables.{place}.default")
    )


def _of_default(variable: Variable, field: str) -> Iterator[RuleViolation]:
    value = variable["default"]
    if unstorable := broken(lambda: demand_storable(value), field):
        yield from unstorable
        return
    is_long = isinstance(value, str) and len(value) > VALUE_LENGTH
    if is_long or (
        value is not None and not _is_blank(value) and _written(variable, value) is None
    ):
        yield RuleViolation("INVALID_TEMPLATE_VARIABLE", _description(variable), field=field)


def _is_blank(value: Value) -> bool:
    return isinstance(value, str) and not value.strip()


def _written(variable: Variable, value: Value) -> str | None:
    """None: the value is not of that kind."""
    match variable["type"]:
        case VariableType.NUMBER:
            return _number(variable, value)
        case VariableType.CHECKBOX:
            return _tick(variable, value)
        case VariableType.SELECT:
            text = _as_text(value)
            return text if text in variable["options"] else None
        case _:
            return None if isinstance(value, bool) else _as_text(value)


def _as_text(value: Value) -> str:
    """As JSON writes it, but numbers without an exponent."""
    match value:
        case bool():
            return str(value).lower()
        case float():
            return format(Decimal(str(value)), "f").removesuffix(".0")
        case _:
            return str(value)


def _number(variable: Variable, value: Value) -> str | None:
    text = _as_text(value).strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        return None
    number, least, most = Decimal(text), variable["min"], variable["max"]
    too_little = least is not None and number < Decimal(str(least))
    too_much = most is not None and number > Decimal(str(most))
    return None if too_little or too_much else text


def _tick(variable: Variable, value: Value) -> str | None:
    ticked = value if isinstance(value, bool) else _TICKED.get(str(value).lower())
    return None if ticked is None else _texts_of_checkbox(variable)[not ticked]


def _text_of_nothing(variable: Variable) -> str:
    return _texts_of_checkbox(variable)[1] if variable["type"] == VariableType.CHECKBOX else ""


def _texts_of_checkbox(variable: Variable) -> Sequence[str]:
    return variable["options"] or ("yes", "no")


def _missing(names: Sequence[str]) -> RuleViolation:
    return RuleViolation(
        "MISSING_PLACEHOLDER_VALUES",
        f"Missing placeholder values: {', '.join(names)}",
        field="values",
        meta={"missing": list(names)},
    )


def _invalid(name: str, variable: Variable | None) -> RuleViolation:
    assert variable is not None, "any value will do for what is not declared"
    meta: dict[str, Any] = {"type": str(variable["type"])}
    if variable["type"] == VariableType.SELECT:
        meta["options"] = list(variable["options"])
    ends = {"min": variable["min"], "max": variable["max"]}
    meta |= {name: end for name, end in ends.items() if end is not None}
    return RuleViolation(
        "INVALID_PLACEHOLDER_VALUE", _description(variable), field=f"values.{name}", meta=meta
    )


def _description(variable: Variable) -> str:
    match variable["type"]:
        case VariableType.NUMBER:
            ends = {"at least": variable["min"], "at most": variable["max"]}
            told = [f"{word} {_as_text(end)}" for word, end in ends.items() if end is not None]
            return f"This must be a number {' and '.join(told)}".rstrip()
        case VariableType.CHECKBOX:
            return "This must be true or false"
        case VariableType.SELECT:
            return "This must be one of the options"
        case _:
            return f"This must be a text of at most {VALUE_LENGTH} characters"


def _refused(field: str, description: str) -> RuleViolation:
    return RuleViolation("VALIDATION_ERROR", description, field=field)
