"""The template grants each function the settings it needs, and none that it does not read."""

import pytest

from runner.template import Function
from tests.architecture.cold import facts
from tests.architecture.tree import FUNCTIONS, HTTP_FUNCTIONS

CALLERS = {"LIMITS_CALLERS_PER_MINUTE", "LIMITS_ADDRESSES_PER_MINUTE", "FRONTEND_URL"}
"""What `functions.dependencies` goes by."""


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_setting_it_needs_is_granted(function: Function) -> None:
    needed = facts(function)["needed"]
    missing = {
        f"{name} (for {module})"
        for name, module in needed.items()
        if name not in function.environment
    }
    assert not missing, f"template.yaml does not give {function.name} {sorted(missing)}"


@pytest.mark.parametrize("function", HTTP_FUNCTIONS, ids=lambda function: function.name)
def test_every_http_function_goes_by_the_same_rules_for_callers(function: Function) -> None:
    """A default would do, but then a deployment's choice would not hold everywhere."""
    assert CALLERS - function.environment.keys() == set()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_setting_granted_is_read(function: Function) -> None:
    unread = function.environment.keys() - set(facts(function)["read"])
    assert not unread, f"template.yaml gives {function.name} {sorted(unread)}, which nobody reads"
