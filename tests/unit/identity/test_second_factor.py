"""How long a proof is fresh, and how many wrong codes a challenge bears."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.identity.domain.one_time_token import OneTimeToken, TokenPurpose
from shared.identity.domain.second_factor import (
    CHALLENGE_LASTS,
    FRESH,
    WRONG_CODES,
    is_fresh,
    note_wrong_code,
)
from shared.kernel.ids import new_id

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "fresh"),
    [(timedelta(), True), (FRESH - timedelta(seconds=1), True), (FRESH, False)],
)
def test_a_sign_in_is_fresh_for_a_while(age: timedelta, fresh: bool) -> None:  # noqa: FBT001
    assert is_fresh(NOW - age, NOW) is fresh


def test_the_last_of_a_few_wrong_codes_ends_a_challenge() -> None:
    challenge = OneTimeToken(
        id=new_id(),
        purpose=TokenPurpose.SECOND_FACTOR,
        token_hash="hash",
        user_id=new_id(),
        created_at=NOW,
        expires_at=NOW + CHALLENGE_LASTS,
        details={"browser": True},
    )
    for _ in range(WRONG_CODES):
        assert challenge.is_good(NOW)
        note_wrong_code(challenge, NOW)
    assert not challenge.is_good(NOW)
    assert challenge.details == {"browser": True, "wrong": WRONG_CODES}
