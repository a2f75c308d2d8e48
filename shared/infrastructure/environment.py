"""Which kind of place this is: development, test or production."""

from dataclasses import dataclass
from typing import Literal

from shared.infrastructure.settings import Settings


@dataclass(frozen=True, kw_only=True)
class EnvironmentSettings(Settings):
    """`name` is read from `ENVIRONMENT`; without it nothing is relaxed."""

    name: Literal["development", "test", "production"] = "production"

    @classmethod
    def variable(cls, _field_name: str) -> str:
        return "ENVIRONMENT"

    @property
    def is_production(self) -> bool:
        return self.name == "production"
