"""The follow-ups of a variant: what is said after it, each as a reply to the part before."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from shared.content.domain.media import demand_media, items_of
from shared.content.domain.rules import demand_content
from shared.kernel.errors import RuleViolation, broken, demand_none

FOLLOW_UPS = 24
LONGEST_DELAY = 24 * 60 * 60
"""In seconds."""


class FollowUp(TypedDict):
    """`delay_seconds` after the part before it; `content` is sent as it stands."""

    content: str
    delay_seconds: int
    media: NotRequired[Mapping[str, Any]]


def demand_few(thread: Sequence[object]) -> None:
    if len(thread) > FOLLOW_UPS:
        raise RuleViolation(
            "THREAD_TOO_LONG", f"A thread has at most {FOLLOW_UPS} follow-ups", field="thread"
        )


def demand_follow_ups(thread: Sequence[FollowUp]) -> None:
    """Refuse what can be sent to no network, telling all that is wrong."""
    demand_few(thread)
    demand_none(
        violation
        for place, follow_up in enumerate(thread)
        for violation in _violations(follow_up, f"thread.{place}")
    )


def _violations(follow_up: FollowUp, path: str) -> list[RuleViolation]:
    shows = bool(items_of(follow_up.get("media", {})))
    found = [
        *broken(lambda: demand_content(follow_up["content"], shows=shows), f"{path}.content"),
        *broken(lambda: demand_media(follow_up.get("media", {}), f"{path}.media"), path),
    ]
    if not 0 <= follow_up["delay_seconds"] <= LONGEST_DELAY:
        found.append(
            RuleViolation(
                "VALIDATION_ERROR",
                f"A follow-up leaves 0 to {LONGEST_DELAY} seconds after the part before it",
                field=f"{path}.delay_seconds",
            )
        )
    return found
