"""Whether a network, and an account there, takes what somebody wrote: all that stands against it.

The one judgement for what is written, declared ready, scheduled or merely tried out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.content.domain.channel import Account, Channel
from shared.content.domain.rules import demand_content, demand_document
from shared.content.domain.thread import FollowUp, demand_follow_ups
from shared.kernel.errors import RuleViolation, broken

PROBLEMS = 20
"""How many are told of a draft, whatever a few kilobytes can have wrong with them."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What would be sent of a variant, stored or not."""

    content: str
    thread: Sequence[FollowUp] = ()
    media: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """Every part of it, the root first, by the path of its field."""
        parts = {
            f"thread.{place}.content": each["content"] for place, each in enumerate(self.thread)
        }
        return {"content": self.content, **parts}

    @property
    def attachments(self) -> dict[str, int]:
        """How many things are to be shown with it, by the path of their kind."""
        return {
            f"media.{name}": len(value) if isinstance(value, list) and value else 1
            for name, value in self.media.items()
        }


def told(violations: Sequence[RuleViolation]) -> list[RuleViolation]:
    """The first of them; the last one told says how many more there are: `MORE_PROBLEMS`."""
    if len(violations) <= PROBLEMS:
        return list(violations)
    more = len(violations) - PROBLEMS + 1
    rest = RuleViolation("MORE_PROBLEMS", f"{more} more are wrong", meta={"more": more})
    return [*violations[: PROBLEMS - 1], rest]


def misfits(draft: Draft, channel: Channel, account: Account | None = None) -> list[RuleViolation]:
    """Why it cannot be sent, on this account where one is given; nothing where it can.

    As far as that is `told`: `CONNECTION_INACTIVE`, `INCOMPATIBLE_CHANNEL`,
    `VARIANT_CONTENT_REQUIRED`, `THREAD_TOO_LONG`,
    `THREADS_NOT_SUPPORTED`, `CONTENT_TOO_LONG`, `INVALID_SETTING`, `MEDIA_NOT_SUPPORTED`; and
    `VALIDATION_ERROR` of what could not even be stored.
    """
    return told(
        [
            *_of_account(account, channel),
            *unsayable(draft),
            *untaken(draft, channel, account),
            *unsupported_media(draft, channel),
        ]
    )


def _of_account(account: Account | None, channel: Channel) -> Iterator[RuleViolation]:
    if account is None:
        return
    if not account.is_connected:
        yield RuleViolation(
            "CONNECTION_INACTIVE",
            "The connection must be connected again first",
            field="channel_connection_id",
        )
    if account.channel != channel.id:
        yield RuleViolation(
            "INCOMPATIBLE_CHANNEL",
            f"The variant is for {channel.id}, the connection for {account.channel}",
            field="channel_connection_id",
        )


def unsayable(draft: Draft) -> list[RuleViolation]:
    """What no network would take: no words, too many parts, what could not be stored."""
    return [
        *broken(lambda: demand_content(draft.content), "content"),
        *broken(lambda: demand_follow_ups(draft.thread), "thread"),
        *broken(lambda: demand_document(draft.settings), "settings"),
    ]


def untaken(draft: Draft, channel: Channel, account: Account | None = None) -> list[RuleViolation]:
    """What this network does not take of words and settings; each part that is too long."""
    found = [
        _too_long(channel, path, part=part, count=count, limit=limit)
        for part, (path, text) in enumerate(draft.texts.items())
        if (count := channel.measure(text, draft.settings))
        > (limit := limit_of(channel, account, part=part))
    ]
    if draft.thread and not channel.threads:
        found.append(
            RuleViolation(
                "THREADS_NOT_SUPPORTED",
                f"{channel.title} has no replies to follow up with",
                field="thread",
                meta={"channel": channel.id},
            )
        )
    return [*found, *unknown_settings(draft, channel)]


def limit_of(channel: Channel, account: Account | None, *, part: int = 0) -> int:
    """The account's own limit where that is less; what is written must fit its network at least."""
    limit = channel.follow_up_length if part else channel.max_length
    if account is None or account.channel != channel.id:
        return limit
    return min(limit, account.max_length)


def _too_long(channel: Channel, path: str, *, part: int, count: int, limit: int) -> RuleViolation:
    own = {channel.max_length, channel.follow_up_length}
    who = channel.title if limit in own else "This account"
    return RuleViolation(
        "CONTENT_TOO_LONG",
        f"{who} takes {limit}, this has {count} ({channel.counts})",
        field=path,
        meta={
            "count": count,
            "limit": limit,
            "channel": channel.id,
            "counts": channel.counts,
            **({"part": part} if part else {}),
        },
    )


def unknown_settings(draft: Draft, channel: Channel) -> list[RuleViolation]:
    return [
        RuleViolation(
            "INVALID_SETTING",
            problem.words,
            field=f"settings.{problem.path}" if problem.path else "settings",
            meta={"channel": channel.id},
        )
        for problem in channel.setting_problems(draft.settings)
    ]


def unsupported_media(draft: Draft, channel: Channel) -> list[RuleViolation]:
    """Each kind that is attached: no network is sent any yet, and text does not leave alone."""
    return [
        RuleViolation(
            "MEDIA_NOT_SUPPORTED",
            "Media cannot be published yet, and the text shall not leave without it",
            field=path,
            meta={"channel": channel.id, "count": count},
        )
        for path, count in draft.attachments.items()
    ]
