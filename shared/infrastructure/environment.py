"""Which kind of place this is: development, test or production."""

from dataclasses import dataclass

from shared.infrastructure.settings import InvalidSetting, Settings

_NAMES = {"development", "test", "production"}


@dataclass(frozen=True, kw_only=True)
class EnvironmentSettings(Settings):
    """`name` is read from `ENVIRONMENT`; without it nothing is relaxed."""

    name: str = "production"

    @classmethod
    def variable(cls, _field_name: str) -> str:
        return "ENVIRONMENT"

    def __post_init__(self) -> None:
        if self.name not in _NAMES:
            raise InvalidSetting(f"ENVIRONMENT must be one of {', '.join(sorted(_NAMES))}")

    @property
    def is_production(self) -> bool:
        return self.name == "production"
