"""How much is taken, of one file and of all that an organization keeps."""

from dataclasses import dataclass

from shared.media.domain.signature import MediaFormat

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bytes of one file by its kind, pixels of one picture, and bytes of all files together.

    `organization_bytes` is 0 where an organization may keep any number.
    """

    image_bytes: int
    video_bytes: int
    document_bytes: int
    pixels: int
    organization_bytes: int

    def bytes_of(self, format_: MediaFormat) -> int:
        if format_.is_picture:
            return self.image_bytes
        return self.video_bytes if format_.is_film else self.document_bytes

    @property
    def longest_bytes(self) -> int:
        """Of any file at all."""
        return max(self.image_bytes, self.video_bytes, self.document_bytes)
