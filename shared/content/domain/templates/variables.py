"""The variables that a template declares: what may be put in the place of a placeholder."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypedDict

from shared.kernel.errors import RuleViolation, broken, demand_none
from shared.kernel.text import demand_storable

VARIABLES = 20
KEY_LENGTH = 50
LABEL_LENGTH = 100
OPTIONS = 50
OPTION_LENGTH = 100

_KEY = re.compile(rf"\w{{1,{KEY_LENGTH}}}")

Value = str | int | float | bool | None
"""As JSON has it; None is no value."""


class VariableType(StrEnum):
    TEXT = "text"
    TEXTAREA = "textarea"
    SELECT = "select"
    NUMBER = "number"
    CHECKBOX = "checkbox"


class Variable(TypedDict):
    """`key` is the name of its placeholder, `label` what people are asked.

    `default` stands where no value is given. `options` are a select's choices, or the two texts
    of a checkbox, ticked first. `min` and `max` are a number's, both included.
    """

    key: str
    label: str
    type: VariableType
    required: bool
    default: Value
    options: Sequence[str]
    min: float | None
    max: float | None


def demand_variables(variables: Sequence[Variable]) -> None:
    """Refuse declarations that cannot be meant, telling all that is wrong.

    Raises:
        RuleViolations: `INVALID_TEMPLATE_VARIABLE` or `DUPLICATE_VARIABLE_KEY`.
    """
    demand_none(_violations(variables))


def _violations(variables: Sequence[Variable]) -> Iterator[RuleViolation]:
    if len(variables) > VARIABLES:
        yield _invalid("variables", f"A template has at most {VARIABLES} variables")
        return
    for place, variable in enumerate(variables):
        path = f"variables.{place}"
        yield from _of_names(variable, path)
        yield from _of_options(variable, path)
        yield from _of_range(variable, path)
    counted = Counter(variable["key"] for variable in variables)
    for place, variable in enumerate(variables):
        if counted[variable["key"]] > 1:
            yield RuleViolation(
                "DUPLICATE_VARIABLE_KEY",
                "Another variable has this key",
                field=f"variables.{place}.key",
            )


def _of_names(variable: Variable, path: str) -> Iterator[RuleViolation]:
    if not _KEY.fullmatch(variable["key"]):
        yield _invalid(
            f"{path}.key", f"A key has 1 to {KEY_LENGTH} letters, digits and underscores"
        )
    yield from _of_text(variable["label"], LABEL_LENGTH, f"{path}.label")


def _of_options(variable: Variable, path: str) -> Iterator[RuleViolation]:
    options, place = variable["options"], f"{path}.options"
    match variable["type"]:
        case VariableType.SELECT if not 1 <= len(set(options)) == len(options) <= OPTIONS:
            yield _invalid(place, f"A select has 1 to {OPTIONS} options, all of them different")
        case VariableType.CHECKBOX if options and not len(set(options)) == len(options) == 2:  # noqa: PLR2004
            yield _invalid(
                place, "A checkbox has two texts, one for ticked and one for not, or none"
            )
        case VariableType.TEXT | VariableType.TEXTAREA | VariableType.NUMBER if options:
            yield _invalid(place, f"A {variable['type']} has no options")
    if len(options) <= OPTIONS:
        for number, option in enumerate(options):
            blank = variable["type"] == VariableType.CHECKBOX
            yield from _of_text(option, OPTION_LENGTH, f"{place}.{number}", may_be_blank=blank)


def _of_range(variable: Variable, path: str) -> Iterator[RuleViolation]:
    least, most = variable["min"], variable["max"]
    if variable["type"] != VariableType.NUMBER:
        for name, end in (("min", least), ("max", most)):
            if end is not None:
                yield _invalid(f"{path}.{name}", "Only a number has a least and a most")
    elif least is not None and most is not None and least > most:
        yield _invalid(f"{path}.min", "The least is more than the most")


def _of_text(
    text: str, longest: int, field: str, *, may_be_blank: bool = False
) -> Iterator[RuleViolation]:
    if unstorable := broken(lambda: demand_storable(text), field):
        yield from unstorable
    elif len(text) > longest or not (text.strip() or may_be_blank):
        yield _invalid(field, f"This has 1 to {longest} characters")


def _invalid(field: str, description: str) -> RuleViolation:
    return RuleViolation("INVALID_TEMPLATE_VARIABLE", description, field=field)
