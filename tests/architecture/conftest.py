"""Facts about every function are gathered by whichever test asks first: that one takes longer."""

import gc
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_SECONDS = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.timeout(_SECONDS))


def pytest_collection_finish() -> None:
    """What is there by now stays: to look through all of it for garbage takes seconds."""
    gc.collect()
    gc.freeze()
