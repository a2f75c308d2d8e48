"""While a batch is done, Python looks for garbage more rarely, and as usual after the last one."""

import gc
from contextlib import ExitStack

import pytest

from shared.infrastructure.garbage import rarely_collected


def test_it_is_as_before_after_the_last_of_several_that_overlap() -> None:
    usual = gc.get_threshold()
    with ExitStack() as first:
        first.enter_context(rarely_collected())
        with rarely_collected():
            first.close()
            assert gc.get_threshold()[0] > usual[0]
        assert gc.get_threshold() == usual


def test_it_is_as_before_after_one_that_fails() -> None:
    usual = gc.get_threshold()
    with pytest.raises(KeyError), rarely_collected():
        raise KeyError
    assert gc.get_threshold() == usual
