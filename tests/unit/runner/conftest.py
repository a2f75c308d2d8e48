"""Handlers start each test with nothing seen."""

import pytest

from tests.unit.runner import invocations


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    invocations.seen.clear()
    invocations.let_go.clear()
