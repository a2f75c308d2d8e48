"""Where passkeys are good, by settings."""

from dataclasses import dataclass

from shared.infrastructure.settings import InvalidSetting, Settings


@dataclass(frozen=True, kw_only=True)
class PasskeysSettings(Settings):
    """`origins` are the front end's, comma separated; `rp_id` is the domain they all end in.

    Left empty, they are the origin and the host of `FRONTEND_URL`. Passkeys belong to `rp_id` for
    ever: with another one, nobody's are found.
    """

    rp_id: str = ""
    rp_name: str = "Luxaris"
    origins: str = ""

    def __post_init__(self) -> None:
        if not all(origin.startswith(("https://", "http://")) for origin in self.named):
            raise InvalidSetting("PASSKEYS_ORIGINS must be origins, comma separated")

    @property
    def named(self) -> list[str]:
        return [origin.strip() for origin in self.origins.split(",")] if self.origins else []
