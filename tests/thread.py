"""A thread that somebody has scheduled: a root and its follow-ups, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.author import Author
from tests.line import make_due
from tests.simulator.client import Simulator

THREE = ("First", "Second", "Third")
IN_ORDER = [("First", None), ("Second", "First"), ("Third", "Second")]
"""What arrives of these three, each with what it replies to."""


@dataclass(frozen=True, kw_only=True)
class Thread:
    """`ids` are the schedules', the root's first."""

    author: Author
    post: str
    variant: str
    connection: str
    ids: Sequence[str]

    @classmethod
    def of(
        cls, author: Author, channel: str = "mastodon", texts: Sequence[str] = THREE, delay: int = 0
    ) -> "Thread":
        """Scheduled an hour ahead on a new connection."""
        later = [(each, delay) for each in texts[1:]]
        post, variant = author.write(texts[0], channel, later)
        connection = author.connect(channel)
        answer = author.try_to_schedule(variant, connection)
        assert answer.status == 201, answer.content
        parts = [answer.json["data"], *answer.json["follow_ups"]]
        return cls(
            author=author,
            post=post,
            variant=variant,
            connection=connection,
            ids=[part["id"] for part in parts],
        )

    def make_due(self, *, late: timedelta = timedelta(seconds=1)) -> None:
        """Let the moment of every part be past, whether it is its turn or not."""
        for each in self.ids:
            make_due(each, late=late)

    def schedules(self) -> list[Any]:
        return [self.author.look(each)["schedule"] for each in self.ids]

    def statuses(self) -> list[str]:
        return [each["status"] for each in self.schedules()]

    def attempts(self) -> list[list[str]]:
        """How the attempts of each part ended."""
        return [
            [event["status"] for event in self.author.look(each)["publish_events"]]
            for each in self.ids
        ]

    def retry(self, part: int) -> None:
        answer = self.author.api.post(f"/schedules/{self.ids[part]}/retry")
        assert answer.status == 200, answer.content

    def cancel(self, part: int) -> None:
        answer = self.author.api.post(f"/schedules/{self.ids[part]}/cancel")
        assert answer.status == 200, answer.content

    @property
    def post_status(self) -> str:
        return self.author.post_status(self.post)


def arrived(simulator: Simulator) -> list[tuple[str, str | None]]:
    """What the networks have, each text with the one it replies to."""
    receipts = simulator.receipts()
    texts = {each["id"]: each["text"] for each in receipts}
    assert len(texts) == len(receipts)
    return [(each["text"], each["parent"] and texts[each["parent"]]) for each in receipts]
