"""Somebody who imports posts, and the queue behind it driven by hand."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shared.content.adapters import markup
from shared.content.adapters.channels import find_channel
from shared.content.adapters.import_bodies import read_posts
from shared.content.adapters.imports import begin
from shared.content.application.imports.work_on_import import Worked, work_on_import
from shared.infrastructure.database import engine
from shared.kernel.clock import Clock, utc_now
from tests.accounts import Account
from tests.api import Api, ApiAnswer
from tests.outbox import IMPORTS, Post


@dataclass(frozen=True)
class Importer:
    api: Api
    post: Post

    @classmethod
    def of(cls, account: Account, post: Post) -> "Importer":
        return cls(account.api, post)

    def hand_over(self, body: str | bytes | list[Any], **query: Any) -> ApiAnswer:
        """A table, or a list of posts."""
        is_list = isinstance(body, list)
        content = json.dumps(body) if isinstance(body, list) else body
        return self.api.request(
            "POST",
            "/posts/imports",
            content=content.encode() if isinstance(content, str) else content,
            headers={"content-type": "application/json" if is_list else "text/csv"},
            query=query,
        )

    def start(self, body: str | bytes | list[Any], **query: Any) -> str:
        answer = self.hand_over(body, **query)
        assert answer.status == 201, answer.content
        import_id: str = answer.json["data"]["id"]
        return import_id

    def run(self, body: str | bytes | list[Any], **query: Any) -> Any:
        """Import to the end; answers how it went."""
        import_id = self.start(body, **query)
        assert self.post.run(IMPORTS)["done"] == 1
        return self.look(import_id)

    def look(self, import_id: str) -> Any:
        return self.api.get(f"/posts/imports/{import_id}").json["data"]

    def counts(self, import_id: str) -> tuple[str, int, int, int]:
        """Its status, and how many posts were processed, created and refused."""
        job = self.look(import_id)
        return job["status"], job["processed"], job["created"], job["failed"]

    def problems(self, import_id: str) -> list[tuple[int, str | None, str]]:
        """Row, column and code of each."""
        page = self.api.get(f"/posts/imports/{import_id}/errors", limit=500).json
        assert page["pagination"]["total"] == len(page["data"])
        assert all(each["error_description"] for each in page["data"])
        return [(each["row"], each["column"], each["error_code"]) for each in page["data"]]

    def posts(self) -> list[Any]:
        """All there are, each with its variants."""
        found: list[Any] = self.api.get("/posts", limit=100).json["data"]
        for each in found:
            variants = self.api.get(f"/posts/{each['id']}/variants").json["data"]
            each["variants"] = sorted(variants, key=lambda variant: str(variant["channel_id"]))
        return found

    def descriptions(self) -> list[str]:
        return sorted(post["description"] for post in self.posts())


def work(import_id: str, *, chunk: int = 2, clock: Clock = utc_now, markup: Any = markup) -> Worked:
    """What the function behind the queue does for a message."""
    return work_on_import(
        begin,
        read_posts,
        markup,
        find_channel,
        clock,
        import_id=UUID(import_id),
        chunk=chunk,
    )


def table(count: int) -> str:
    """So many posts without variants."""
    return "description\n" + "".join(f"Post {number:05}\n" for number in range(count))


def kept_bodies() -> int:
    with engine().connect() as connection:
        query = text("SELECT count(body) FROM post_imports")
        return connection.scalar(query) or 0


def events() -> list[tuple[str, Any]]:
    """Names and details of what was told of imports, in its order."""
    query = text(
        "SELECT name, details FROM business_events WHERE name LIKE 'POSTS_IMPORT%' ORDER BY id"
    )
    with engine().connect() as connection:
        return [(row.name, row.details) for row in connection.execute(query)]
