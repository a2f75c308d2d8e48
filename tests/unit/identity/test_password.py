"""What makes a password strong enough."""

import pytest

from shared.identity.domain.password import strength_violation, weaknesses


@pytest.mark.parametrize(
    ("password", "missing"),
    [
        ("Correct-1", []),
        ("A1-" + "a" * 125, []),
        ("Pässwörter 1", []),
        ("Sh0rt-a", ["min_length"]),
        ("A1-" + "a" * 126, ["max_length"]),
        ("correct-1", ["uppercase"]),
        ("CORRECT-1", ["lowercase"]),
        ("Correct-horse", ["digit"]),
        ("Correct1horse", ["special"]),
        ("My-Lovelace-1", ["no_email"]),
        ("", ["min_length", "uppercase", "lowercase", "digit", "special"]),
    ],
)
def test_every_missing_demand_is_named(password: str, missing: list[str]) -> None:
    assert weaknesses(password, email="lovelace@example.com") == missing


def test_a_local_part_of_two_letters_forbids_nothing() -> None:
    assert weaknesses("Correct-1", email="co@example.com") == []
    assert weaknesses("Correct-1", email="cor@example.com") == ["no_email"]


def test_violation_carries_the_demands() -> None:
    violation = strength_violation("weak", email="ada@example.com")
    assert violation is not None
    assert (violation.code, violation.field) == ("WEAK_PASSWORD", "password")
    assert violation.meta == {"missing": ["min_length", "uppercase", "digit", "special"]}
