"""Placeholders: found, and filled once."""

import re

from hypothesis import given
from hypothesis import strategies as st

from shared.content.application.templates.duplicate_template import free_name
from shared.content.domain.templates.placeholders import filled, placeholders
from shared.content.domain.templates.template import NAME_LENGTH, key_of
from shared.content.domain.templates.values import VALUE_LENGTH, texts_for
from shared.content.domain.templates.variables import Value, Variable, VariableType
from shared.kernel.errors import RuleViolations

TRICKY = st.text(alphabet=st.sampled_from("{}ab1_ $\\&é\n"))
NAME = st.from_regex(r"\w{1,8}", fullmatch=True)


@given(st.lists(st.tuples(TRICKY, NAME)), TRICKY, st.dictionaries(NAME, TRICKY))
def test_what_stands_around_placeholders_stays(
    parts: list[tuple[str, str]], end: str, values: dict[str, str]
) -> None:
    """Text that holds no brace, so that only the placeholders put in are there."""
    pieces = [(text.translate({ord("{"): "(", ord("}"): ")"}), name) for text, name in parts]
    end = end.replace("{", "(").replace("}", ")")
    body = "".join(f"{text}{{{{{name}}}}}" for text, name in pieces) + end
    known = {name: values.get(name, "{{a}}") for _, name in pieces}
    assert placeholders(body) == list(dict.fromkeys(name for _, name in pieces))
    assert filled(body, known) == "".join(text + known[name] for text, name in pieces) + end


@given(TRICKY)
def test_any_text_can_be_filled(text: str) -> None:
    names = placeholders(text)
    assert all(re.fullmatch(r"\w+", name) and f"{{{{{name}}}}}" in text for name in names)
    gone = filled(text, dict.fromkeys(names, ""))
    assert len(gone) <= len(text)
    assert filled(text, {name: f"{{{{{name}}}}}" for name in names}) == text


def _declared(kind: VariableType, **more: object) -> Variable:
    variable = Variable(
        key="v",
        label="v",
        type=kind,
        required=False,
        default=None,
        options=["a", "b"] if kind is VariableType.SELECT else [],
        min=None,
        max=None,
    )
    return variable | more  # type: ignore[return-value]


VALUE = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30))


@given(st.sampled_from(VariableType), VALUE)
def test_a_value_is_written_or_refused(kind: VariableType, value: Value) -> None:
    text, refused = _written(kind, value)
    assert refused in ([], ["INVALID_PLACEHOLDER_VALUE"])
    assert len(text) <= VALUE_LENGTH
    if kind is VariableType.NUMBER:
        assert not text or re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text)


def _written(kind: VariableType, value: Value) -> tuple[str, list[str]]:
    try:
        return texts_for(["v"], [_declared(kind)], {"v": value})["v"], []
    except RuleViolations as refused:
        return "", [each.code for each in refused.violations]


@given(st.text(min_size=1, max_size=NAME_LENGTH), st.integers(min_value=0, max_value=12))
def test_a_copy_has_a_name_that_is_free_and_fits(name: str, copies: int) -> None:
    taken = {key_of(name)}
    for _ in range(copies):
        taken.add(key_of(free_name(name, taken)))
    assert len(taken) == copies + 1
    assert len(free_name(name, taken)) <= NAME_LENGTH
