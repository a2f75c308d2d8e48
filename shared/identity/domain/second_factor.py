"""What proves a person beside the first thing they proved."""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.identity.domain.one_time_token import OneTimeToken

CHALLENGE_LASTS = timedelta(minutes=5)
"""How long the second factor is awaited after the first was right."""
WRONG_CODES = 5
"""As many wrong codes end a challenge."""
FRESH = timedelta(minutes=10)
"""How long after a sign-in a person need not show again that it is them."""


class FactorMethod(StrEnum):
    TOTP = "totp"
    """Six digits of an authenticator app."""
    RECOVERY_CODE = "recovery_code"


def is_fresh(opened_at: datetime, now: datetime) -> bool:
    return now - opened_at < FRESH


def note_wrong_code(challenge: OneTimeToken, now: datetime) -> None:
    """The last of a few wrong codes ends the challenge: its owner starts again."""
    wrong = challenge.details.get("wrong", 0) + 1
    challenge.details = {**challenge.details, "wrong": wrong}
    if wrong >= WRONG_CODES:
        challenge.use(now)
