"""Who writes, what that may take, and how often, as settings."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cache
from math import isfinite

from shared.generation.domain.allowance import Allowance, Allowances
from shared.infrastructure.settings import InvalidSetting, Settings


@dataclass(frozen=True, kw_only=True)
class GenerationSettings(Settings):
    """Without an `api_key` no model is asked: Luxaris writes as well as it can by itself.

    `base_url` is any endpoint that speaks as OpenAI's does; `timeout` is in seconds, for all tries
    together; `fallback`: Luxaris writes itself where the model is down. Prices are in US dollars
    for a million tokens; where both are 0 nobody knows what it costs.

    `user_per_minute`, `organization_per_hour`: what may be asked for; 0 for any number.
    """

    api_key: str = field(default="", repr=False)
    base_url: str = "https://api.openai.com/v1"
    model: str = "gpt-4.1-mini"
    timeout: float = 20.0
    fallback: bool = False
    input_price: float = 0.0
    output_price: float = 0.0
    user_per_minute: int = 10
    organization_per_hour: int = 100

    def __post_init__(self) -> None:
        numbers = self.timeout, self.input_price, self.output_price
        counts = self.user_per_minute, self.organization_per_hour
        if not all(isfinite(each) and each >= 0 for each in (*numbers, *counts)):
            raise InvalidSetting("GENERATION_… numbers must be 0 or more")
        if not self.timeout:
            raise InvalidSetting("GENERATION_TIMEOUT must be more than 0")
        if not self.base_url.startswith(("https://", "http://")):
            raise InvalidSetting("GENERATION_BASE_URL must be an http or https URL")

    def cost(self, input_tokens: int, output_tokens: int) -> Decimal | None:
        if not self.input_price and not self.output_price:
            return None
        per_million = Decimal(str(self.input_price)) * input_tokens
        per_million += Decimal(str(self.output_price)) * output_tokens
        return (per_million / 1_000_000).quantize(Decimal("0.000001"))

    def allowances(self) -> Allowances:
        return Allowances(
            of_person=Allowance(
                whose="a person", times=self.user_per_minute, period=timedelta(minutes=1)
            ),
            of_organization=Allowance(
                whose="an organization",
                times=self.organization_per_hour,
                period=timedelta(hours=1),
            ),
        )


@cache
def settings() -> GenerationSettings:
    return GenerationSettings.read()
