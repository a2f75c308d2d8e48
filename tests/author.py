"""Somebody who writes and schedules, for tests of what comes after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.accounts import Account
from tests.api import Api, ApiAnswer


@dataclass(frozen=True)
class Author:
    api: Api

    @classmethod
    def of(cls, account: Account) -> "Author":
        return cls(account.api)

    def connect(self, channel: str = "mastodon") -> str:
        """A simulated connection; answers its id."""
        answer = self.api.post(
            "/channels/connect", {"channel_id": channel, "mock_connection": True}
        )
        assert answer.status == 201, answer.content
        connection_id: str = answer.json["id"]
        return connection_id

    def write(
        self,
        content: str = "Good morning",
        channel: str = "mastodon",
        thread: Sequence[tuple[str, int]] = (),
    ) -> tuple[str, str]:
        """A post with one variant; answers both ids. Follow-ups have a text and a delay."""
        post = self.api.post("/posts", {"description": content}).json["data"]["id"]
        follow_ups = [{"content": text, "delay_seconds": delay} for text, delay in thread]
        answer = self.api.post(
            f"/posts/{post}/variants",
            {"channel_id": channel, "content": content, "thread": follow_ups},
        )
        assert answer.status == 201, answer.content
        return post, answer.json["data"]["id"]

    def try_to_schedule(self, variant: str, connection: str, **changes: Any) -> ApiAnswer:
        """Schedule an hour ahead, or as `changes` say."""
        body = {
            "post_variant_id": variant,
            "channel_connection_id": connection,
            "run_at": in_future(hours=1),
            **changes,
        }
        return self.api.post("/schedules", body)

    def schedule(self, variant: str, connection: str, **changes: Any) -> str:
        answer = self.try_to_schedule(variant, connection, **changes)
        assert answer.status == 201, answer.content
        schedule_id: str = answer.json["data"]["id"]
        return schedule_id

    def scheduled(self, content: str = "Good morning", channel: str = "mastodon") -> str:
        """A schedule of a new post on a new connection; answers its id."""
        _, variant = self.write(content, channel)
        return self.schedule(variant, self.connect(channel))

    def look(self, schedule_id: str) -> Any:
        """The schedule and its publish events."""
        return self.api.get(f"/schedules/{schedule_id}").json["data"]

    def status(self, schedule_id: str) -> str:
        status: str = self.look(schedule_id)["schedule"]["status"]
        return status

    def post_status(self, post_id: str) -> str:
        status: str = self.api.get(f"/posts/{post_id}").json["data"]["status"]
        return status


def in_future(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()
