"""Somebody who uploads, and what of it is in the store."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.infrastructure.database import engine, transaction
from shared.infrastructure.folder_storage import FolderStorage, News
from shared.infrastructure.storage import storage
from shared.media.adapters.tables import media_assets
from shared.media.domain.asset import Asset
from shared.media.domain.storage_keys import incoming_key
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.small_files import picture

PNG = picture("PNG")


@dataclass(frozen=True)
class Uploader:
    api: Api

    @classmethod
    def of(cls, account: Account) -> "Uploader":
        return cls(account.api)

    def announce(
        self,
        content: bytes = PNG,
        *,
        name: str = "tea.png",
        mime_type: str = "image/png",
        **more: Any,
    ) -> ApiAnswer:
        body = {"name": name, "size": len(content), "mime_type": mime_type, **more}
        return self.api.post("/media/uploads", body)

    def begin(self, content: bytes = PNG, **more: Any) -> str:
        """Announce it; answers its id."""
        answer = self.announce(content, **more)
        assert answer.status == 201, answer.content
        media_id: str = answer.json["data"]["media"]["id"]
        return media_id

    def try_to_upload(self, content: bytes = PNG, **more: Any) -> ApiAnswer:
        """Announce it, have it come, and complete it."""
        media_id = self.begin(content, **more)
        arrive(media_id, content)
        return self.complete(media_id)

    def upload(self, content: bytes = PNG, **more: Any) -> str:
        answer = self.try_to_upload(content, **more)
        assert answer.status == 200, answer.content
        media_id: str = answer.json["data"]["id"]
        return media_id

    def complete(self, media_id: str) -> ApiAnswer:
        return self.api.post(f"/media/uploads/{media_id}/complete")

    def look(self, media_id: str) -> Any:
        return self.api.get(f"/media/{media_id}").json["data"]

    def listed(self, **query: Any) -> list[str]:
        """The names."""
        answer = self.api.get("/media", **query)
        assert answer.status == 200, answer.content
        return [each["name"] for each in answer.json["data"]]


def asset(media_id: str) -> Asset:
    with transaction() as session:
        found = session.get(Asset, UUID(media_id))
        assert found is not None
        return found


def incoming(media_id: str) -> str:
    return incoming_key(asset(media_id).organization_id, UUID(media_id))


def arrive(media_id: str, content: bytes) -> None:
    """As from whoever was given the address."""
    storage().put(incoming(media_id), io.BytesIO(content), mime_type="image/png")


def stored() -> list[str]:
    """The keys of all that is in the store, but for the ids in them: area and depth."""
    return [
        each.key.partition("/")[0]
        for prefix in ("incoming/", "uploads/", "media/")
        for each in storage().listed(prefix)
    ]


def news() -> list[News]:
    """What processing will be called for, and other comings."""
    store = storage()
    assert isinstance(store, FolderStorage)
    return store.news()


def settle(media_id: str, status: str = "ready", **columns: Any) -> None:
    """As processing would have left it."""
    with engine().begin() as database:
        database.execute(
            media_assets.update()
            .where(media_assets.c.id == UUID(media_id))
            .values(status=status, **columns)
        )


def grow_older(media_id: str, by: timedelta) -> None:
    """All of its moments are longer ago."""
    moments = ("created_at", "updated_at", "completed_at", "deleted_at", "condemned_at")
    changes = ", ".join(f"{each} = {each} - :by" for each in moments)
    with engine().begin() as database:
        database.execute(
            text(f"UPDATE media_assets SET {changes} WHERE id = :id"),
            {"by": by, "id": UUID(media_id)},
        )


def rows() -> int:
    with engine().connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM media_assets")) or 0
