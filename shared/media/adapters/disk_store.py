"""Files of the object store on this machine's disk, and back."""

from functools import cached_property
from io import BytesIO
from pathlib import Path

from shared.infrastructure.storage import ObjectMissing, Storage, storage
from shared.media.application.ports import FileGone

_PIECE = 1024 * 1024


class DiskStore:
    @cached_property
    def _storage(self) -> Storage:
        return storage()

    def fetch(self, key: str, path: Path) -> None:
        try:
            with path.open("wb") as file:
                for piece in self._storage.pieces(key, _PIECE):
                    file.write(piece)
        except ObjectMissing as error:
            raise FileGone from error

    def keep(self, key: str, path: Path, *, mime_type: str) -> None:
        with path.open("rb") as file:
            self._storage.put(key, file, mime_type=mime_type)

    def keep_bytes(self, key: str, content: bytes, *, mime_type: str) -> None:
        self._storage.put(key, BytesIO(content), mime_type=mime_type)

    def remove(self, key: str) -> None:
        self._storage.delete([key])
