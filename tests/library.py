"""Files in the library of somebody's organization, without the functions that put them there."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID

from sqlalchemy import insert, select, text, update

from shared.infrastructure.database import engine
from shared.infrastructure.storage import storage
from shared.kernel.ids import new_id
from shared.media.adapters.tables import media_assets, media_renditions
from tests.author import Author
from tests.providers import attachments

_MADE = {
    "image": attachments._picture(320, 240, "image/jpeg", 0),
    "animation": attachments._animation(64, 48, 0),
}
_TYPES = {"image": "image/jpeg", "animation": "image/gif"}


@dataclass(frozen=True)
class Library:
    author: Author

    def keep(
        self,
        kind: str = "image",
        *,
        status: str = "ready",
        alt_text: str = "",
        media_id: UUID | None = None,
    ) -> str:
        """A file of that kind; answers its id."""
        me = self.author.api.get("/auth/me").json
        media_id, now = media_id or new_id(), datetime.now(UTC)
        row = {
            "id": media_id,
            "organization_id": _organization_of(UUID(me["id"])),
            "created_by": UUID(me["id"]),
            "name": f"tea.{_TYPES[kind].rpartition('/')[2]}",
            "alt_text": alt_text,
            "tags": [],
            "status": status,
            "kind": kind,
            "mime_type": _TYPES[kind],
            "size": len(_MADE[kind]),
            "width": 320,
            "height": 240,
            "storage_key": f"media/{media_id}",
            "error_code": "MEDIA_UNREADABLE" if status in {"refused", "failed"} else None,
            "created_at": now,
            "updated_at": now,
        }
        with engine().begin() as database:
            database.execute(insert(media_assets).values(row))
        return str(media_id)


def fit() -> int:
    """Be who makes renditions: make all that are wanted, as they are; answers how many."""
    query = (
        select(media_renditions.c.id, media_assets.c.kind)
        .join(media_assets, media_assets.c.id == media_renditions.c.asset_id)
        .where(media_renditions.c.status == "pending")
    )
    with engine().begin() as database:
        wanted = database.execute(query).all()
        for row in wanted:
            data, key = _MADE[row.kind], f"media/made/{row.id}"
            storage().put(key, BytesIO(data), mime_type=_TYPES[row.kind])
            database.execute(
                update(media_renditions)
                .where(media_renditions.c.id == row.id)
                .values(
                    status="ready",
                    storage_key=key,
                    mime_type=_TYPES[row.kind],
                    size=len(data),
                    width=320,
                    height=240,
                )
            )
    return len(wanted)


def fail_to_fit(code: str, words: str) -> None:
    with engine().begin() as database:
        database.execute(
            update(media_renditions).values(status="failed", error_code=code, error_message=words)
        )


def lose_files() -> None:
    """From the store, of which the library knows nothing."""
    store = storage()
    store.delete([each.key for each in store.listed("media/")])


def digest(kind: str = "image") -> str:
    return sha256(_MADE[kind]).hexdigest()


def _organization_of(user_id: UUID) -> UUID:
    query = "SELECT organization_id FROM memberships WHERE user_id = :id LIMIT 1"
    with engine().connect() as database:
        return UUID(str(database.scalar(text(query), {"id": user_id})))
