"""What a person types to connect an account, against what the network asks for."""

import unicodedata
from collections.abc import Mapping, Sequence

from shared.channels.domain.provider import Field
from shared.kernel.errors import RuleViolation, RuleViolations

LENGTH = 4096


def complete(asked: Sequence[Field], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without the blanks around it, and defaults for what was left out.

    What is optional and was left out is absent.

    Raises:
        RuleViolations: `VALIDATION_ERROR` for each field that is missing, unknown or unusable;
            never with what was typed.
    """
    names = {one.name for one in asked}
    problems = [_violation(name, "is unknown to this network") for name in typed.keys() - names]
    fields = {}
    for one in asked:
        value = typed.get(one.name, "").strip() or (one.default or "")
        if not value and one.optional:
            continue
        if not value:
            problems.append(_violation(one.name, f"is missing: {one.label}"))
        elif len(value) > LENGTH:
            problems.append(_violation(one.name, f"is longer than {LENGTH} characters"))
        elif any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
            problems.append(_violation(one.name, "has a control character in it"))
        fields[one.name] = value
    if problems:
        raise RuleViolations(sorted(problems, key=lambda problem: str(problem.field)))
    return fields


def _violation(name: str, problem: str) -> RuleViolation:
    return RuleViolation("VALIDATION_ERROR", f"{name} {problem}", field=f"credentials.{name}")
