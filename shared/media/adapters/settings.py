"""How much is taken, as a deployment says."""

from dataclasses import asdict, dataclass

from shared.infrastructure.settings import Settings
from shared.media.domain.limits import MEBIBYTE, Limits


@dataclass(frozen=True, kw_only=True)
class MediaSettings(Settings):
    """Bytes and pixels; `organization_bytes` is 0 for any number."""

    image_bytes: int = 30 * MEBIBYTE
    video_bytes: int = 1024 * MEBIBYTE
    document_bytes: int = 100 * MEBIBYTE
    pixels: int = 100_000_000
    organization_bytes: int = 20 * 1024 * MEBIBYTE

    @property
    def limits(self) -> Limits:
        return Limits(**asdict(self))
