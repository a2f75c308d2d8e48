"""The template grants each function the settings it needs, and none that it does not read."""

import pytest

from runner.template import Function
from tests.architecture.cold import facts
from tests.architecture.tree import FUNCTIONS


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_setting_it_needs_is_granted(function: Function) -> None:
    needed = facts(function)["needed"]
    missing = {
        f"{name} (for {module})"
        for name, module in needed.items()
        if name not in function.environment
    }
    assert not missing, f"template.yaml does not give {function.name} {sorted(missing)}"


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_every_setting_granted_is_read(function: Function) -> None:
    unread = function.environment.keys() - set(facts(function)["read"])
    assert not unread, f"template.yaml gives {function.name} {sorted(unread)}, which nobody reads"
