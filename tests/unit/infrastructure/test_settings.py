"""Settings are typed, named after their technology, and say which one is wrong."""

import traceback
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import pytest

from shared.infrastructure.environment import EnvironmentSettings
from shared.infrastructure.settings import InvalidSetting, Settings


class Tea(StrEnum):
    GREEN = "green"
    BLACK = "black"


@dataclass(frozen=True, kw_only=True)
class TeaPotSettings(Settings):
    url: str = field(repr=False)
    cups: int = 4
    heat: float = 99.5
    lid: bool = False
    shape: Literal["round", "tall"] = "round"
    tea: Tea = Tea.GREEN


def test_variables_are_named_after_class_and_field() -> None:
    assert TeaPotSettings.variable("url") == "TEA_POT_URL"


def test_texts_become_what_the_class_asks_for() -> None:
    settings = TeaPotSettings.read(
        {"TEA_POT_URL": "pot://", "TEA_POT_CUPS": "2", "TEA_POT_HEAT": "80", "TEA_POT_LID": "TRUE"}
    )
    assert settings == TeaPotSettings(url="pot://", cups=2, heat=80.0, lid=True)


def test_words_become_members_and_others_are_refused_with_the_known_ones() -> None:
    words = {"TEA_POT_URL": "pot://", "TEA_POT_TEA": "black", "TEA_POT_SHAPE": "tall"}
    settings = TeaPotSettings.read(words)
    assert settings.tea is Tea.BLACK
    assert settings.shape == "tall"
    with pytest.raises(InvalidSetting, match="TEA_POT_TEA must be one of green, black"):
        TeaPotSettings.read({**words, "TEA_POT_TEA": "red"})


@pytest.mark.parametrize("empty", [{}, {"TEA_POT_CUPS": "", "TEA_POT_LID": ""}])
def test_what_is_missing_or_empty_takes_its_default(empty: dict[str, str]) -> None:
    assert TeaPotSettings.read({"TEA_POT_URL": "pot://", **empty}) == TeaPotSettings(url="pot://")


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEA_POT_URL", "pot://process")
    assert TeaPotSettings.read().url == "pot://process"


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({}, "TEA_POT_URL"),
        ({"TEA_POT_URL": "secret", "TEA_POT_CUPS": "many"}, "TEA_POT_CUPS"),
        ({"TEA_POT_URL": "secret", "TEA_POT_HEAT": "hot"}, "TEA_POT_HEAT"),
        ({"TEA_POT_URL": "secret", "TEA_POT_LID": "yes"}, "TEA_POT_LID"),
        ({"TEA_POT_URL": "secret", "TEA_POT_SHAPE": "flat"}, "TEA_POT_SHAPE"),
        ({"TEA_POT_URL": "secret", "TEA_POT_TEA": "GREEN"}, "TEA_POT_TEA"),
    ],
)
def test_a_wrong_one_is_named_without_its_value(environment: dict[str, str], variable: str) -> None:
    with pytest.raises(InvalidSetting, match=variable) as failure:
        TeaPotSettings.read(environment)
    told = "".join(traceback.format_exception(failure.value))
    assert not any(value in told for value in environment.values())


def test_secrets_are_not_shown() -> None:
    assert "hidden" not in repr(TeaPotSettings(url="pot://hidden"))


def test_nothing_is_relaxed_unless_the_environment_says_so() -> None:
    assert EnvironmentSettings.read({}).is_production
    assert not EnvironmentSettings.read({"ENVIRONMENT": "test"}).is_production


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="development, test, production"):
        EnvironmentSettings.read({"ENVIRONMENT": "staging"})
