"""Posting slots as tests ask for them."""

from typing import Any

from tests.api import ApiAnswer
from tests.author import Author

EVENING = {"weekday": "friday", "time": "18:00", "timezone": "UTC"}


def put(author: Author, connection: str, *slots: dict[str, Any]) -> list[Any]:
    answer = author.api.request(
        "PUT", "/slots", json={"channel_connection_id": connection, "slots": list(slots)}
    )
    assert answer.status == 200, answer.content
    kept: list[Any] = answer.json["data"]
    return kept


def add(author: Author, connection: str, **changes: Any) -> ApiAnswer:
    return author.api.post("/slots", {"channel_connection_id": connection, **EVENING, **changes})


def queue(author: Author, connection: str, variant: str | None = None) -> ApiAnswer:
    return author.api.post(
        "/slots/queue",
        {
            "post_variant_id": variant or author.write()[1],
            "channel_connection_id": connection,
        },
    )


def preview(author: Author, connection: str, count: int = 3) -> list[Any]:
    answer = author.api.get("/slots/preview", channel_connection_id=connection, count=count)
    assert answer.status == 200, answer.content
    coming: list[Any] = answer.json["data"]
    return coming
