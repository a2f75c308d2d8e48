"""Who writes, as settings."""

from decimal import Decimal

import pytest

from shared.generation.adapters.settings import GenerationSettings
from shared.infrastructure.settings import InvalidSetting


def test_cost_is_by_the_million_and_unknown_without_prices() -> None:
    priced = GenerationSettings(input_price=2.5, output_price=10)
    assert priced.cost(1000, 100) == Decimal("0.003500")
    assert GenerationSettings().cost(1000, 100) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"GENERATION_TIMEOUT": "0"},
        {"GENERATION_TIMEOUT": "nan"},
        {"GENERATION_INPUT_PRICE": "-1"},
        {"GENERATION_USER_PER_MINUTE": "-1"},
        {"GENERATION_BASE_URL": "ftp://example.org"},
        {"GENERATION_FALLBACK": "maybe"},
    ],
)
def test_nonsense_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidSetting):
        GenerationSettings.read(wrong)


def test_the_key_is_not_shown() -> None:
    assert "sk-" not in repr(GenerationSettings(api_key="sk-secret"))
