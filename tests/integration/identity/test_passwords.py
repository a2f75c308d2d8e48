"""Argon2id, and a comparison with nobody's hash that takes as long as any."""

import time
from collections.abc import Callable
from statistics import median

import pytest

from shared.identity.adapters.passwords import Argon2Passwords, PasswordsSettings
from shared.infrastructure.settings import InvalidSetting

CHEAP = PasswordsSettings(memory_kib=64, iterations=1, parallelism=1)


def test_default_cost_is_the_designs() -> None:
    settings = PasswordsSettings.read({})
    assert (settings.memory_kib, settings.iterations, settings.parallelism) == (65_536, 3, 4)
    assert Argon2Passwords(settings).hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_settings_are_numbers() -> None:
    with pytest.raises(InvalidSetting):
        PasswordsSettings.read({"PASSWORDS_ITERATIONS": "many"})


@pytest.mark.parametrize("password", ["Correct-Horse-1", "\x00", "ä" * 10_240, ""])
def test_only_the_same_password_matches(password: str) -> None:
    passwords = Argon2Passwords(CHEAP)
    made = passwords.hash(password)
    assert passwords.matches(password, made)
    assert not passwords.matches(password + "!", made)
    assert not passwords.matches(password, None)
    assert not passwords.matches(password, "no hash")


def test_a_hash_of_other_cost_is_outdated() -> None:
    dearer = PasswordsSettings(memory_kib=128, iterations=1, parallelism=1)
    made = Argon2Passwords(CHEAP).hash("x")
    assert not Argon2Passwords(CHEAP).is_outdated(made)
    assert Argon2Passwords(dearer).is_outdated(made)


def test_nobodys_password_takes_as_long_to_refuse_as_anybodys() -> None:
    passwords = Argon2Passwords(PasswordsSettings(memory_kib=16_384, iterations=2, parallelism=1))
    made = passwords.hash("Correct-Horse-1")

    def seconds(ask: Callable[[], bool]) -> float:
        started = time.perf_counter()
        assert not ask()
        return time.perf_counter() - started

    pairs = [
        (
            seconds(lambda: passwords.matches("Wrong-Horse-1", made)),
            seconds(lambda: passwords.matches("Wrong-Horse-1", None)),
        )
        for _ in range(15)
    ]
    known, unknown = (median(times) for times in zip(*pairs, strict=True))
    assert 0.6 < unknown / known < 1.6
