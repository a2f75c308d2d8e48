"""Limits where the cache is a dictionary in the process, and names that make odd keys."""

import pytest
from limits.storage import MemoryStorage

from shared.kernel.errors import LimitExceeded
from shared.kernel.ids import new_id


@pytest.mark.parametrize("email", ["ada@example.com", "ädä with blanks@example.com", "x" * 10_000])
def test_failures_are_counted_in_the_process(database: None, email: str) -> None:
    from shared.identity.adapters.attempt_counters import PostgresCounters
    from shared.identity.adapters.attempts import LimitedAttempts
    from shared.infrastructure.tokens import tokens

    attempts = LimitedAttempts(MemoryStorage(), PostgresCounters(), tokens())
    for number in range(5):
        attempts.check_login(email, f"192.0.2.{number}")
        attempts.count_failed_login(email, f"192.0.2.{number}")
    with pytest.raises(LimitExceeded) as refused:
        attempts.check_login(email, "192.0.2.99")
    assert 14 * 60 < refused.value.retry_after <= 15 * 60
    attempts.forget_failed_logins(email)
    attempts.check_login(email, "192.0.2.99")


def test_refreshes_are_counted_by_session(database: None) -> None:
    from shared.identity.adapters.attempts import attempts

    first, second = new_id(), new_id()
    for _ in range(10):
        attempts().count_refresh(first)
    attempts().count_refresh(second)
    with pytest.raises(LimitExceeded):
        attempts().count_refresh(first)
