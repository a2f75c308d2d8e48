"""Whether a network, and an account there, takes what somebody wrote: all that stands against it.

The one judgement for what is written, declared ready, scheduled or merely tried out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.content.domain.channel import Account, Channel, MediaProblem, Part, Shown
from shared.content.domain.media import (
    File,
    Item,
    items_of,
    malformed_items,
    strange_fields,
    unusable,
)
from shared.content.domain.rules import demand_content, demand_document
from shared.content.domain.thread import FollowUp, demand_follow_ups
from shared.kernel.errors import RuleViolation, broken

PROBLEMS = 20
"""How many are told of a draft, whatever a few kilobytes can have wrong with them."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What would be sent of a variant, stored or not; `files` are those it shows, by their ids."""

    content: str
    thread: Sequence[FollowUp] = ()
    media: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[UUID, File] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """Every part of it, the root first, by the path of its field."""
        parts = {
            f"thread.{place}.content": each["content"] for place, each in enumerate(self.thread)
        }
        return {"content": self.content, **parts}

    @property
    def items(self) -> dict[str, list[Item]]:
        """What each part shows, the root first, by the path of its media."""
        follow_ups = {
            f"thread.{place}.media": items_of(each.get("media", {}), f"thread.{place}.media")
            for place, each in enumerate(self.thread)
        }
        return {"media": items_of(self.media), **follow_ups}

    @property
    def media_ids(self) -> set[UUID]:
        """The files it names."""
        shown = (item for items in self.items.values() for item in items)
        return {media_id for item in shown for _, media_id in item.names}

    @property
    def parts(self) -> list[Part]:
        """As far as the files are known."""
        return [
            Part(text=text, shown=[each for each in map(self._shown, items) if each is not None])
            for text, items in zip(self.texts.values(), self.items.values(), strict=True)
        ]

    def _shown(self, item: Item) -> Shown | None:
        file = self.files.get(item.media_id)
        if file is None or file.kind is None:
            return None
        return Shown(
            name=file.name,
            kind=file.kind,
            mime_type=file.mime_type,
            alt_text=file.alt_text if item.alt_text is None else item.alt_text,
            size=file.size,
            width=file.width,
            height=file.height,
            pages=file.pages,
            duration=file.duration,
        )


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
    `THREADS_NOT_SUPPORTED`, `CONTENT_TOO_LONG`, `INVALID_SETTING`; `MEDIA_NOT_SUPPORTED` of media
    in words of older days, what the network says of a text such as `TOO_MANY_HASHTAGS`,
    `MEDIA_NOT_FOUND`, `MEDIA_NOT_USABLE`, `MEDIA_COVER_NOT_A_PICTURE`, and
    what the network says of media; and `VALIDATION_ERROR` of what could not even be stored.
    """
    return told(
        [
            *_of_account(account, channel),
            *unsayable(draft),
            *untaken(draft, channel, account),
            *unshowable(draft, channel, account),
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
        *broken(lambda: demand_content(draft.content, shows=bool(draft.items["media"])), "content"),
        *broken(lambda: demand_follow_ups(draft.thread), "thread"),
        *malformed_items(draft.media),
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
    found += _wrong_texts(draft, channel)
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


def _wrong_texts(draft: Draft, channel: Channel) -> list[RuleViolation]:
    return [
        RuleViolation(
            problem.code,
            problem.words,
            field=path,
            meta={**problem.meta, "channel": channel.id, **({"part": part} if part else {})},
        )
        for part, (path, text) in enumerate(draft.texts.items())
        for problem in channel.text_problems(text, draft.settings, replies=part > 0)
    ]


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


def unshowable(
    draft: Draft, channel: Channel, account: Account | None = None
) -> list[RuleViolation]:
    """What cannot be shown: the text does not leave without it."""
    limits = account.limits if account is not None and account.channel == channel.id else {}
    found = [
        RuleViolation(
            "MEDIA_NOT_SUPPORTED",
            "Name files of the media library, in items: the text shall not leave without them",
            field=f"media.{name}",
            meta={"channel": channel.id},
        )
        for name in strange_fields(draft.media)
    ]
    for place, ((path, items), part) in enumerate(
        zip(draft.items.items(), draft.parts, strict=True)
    ):
        wrong = unusable(items, draft.files)
        found += wrong
        if not wrong:
            found += [
                _unshowable(problem, path, channel)
                for problem in channel.media_problems(
                    part.shown, draft.settings, replies=place > 0, limits=limits
                )
            ]
    return found


def _unshowable(problem: MediaProblem, path: str, channel: Channel) -> RuleViolation:
    where = path if problem.item is None else f"{path}.items.{problem.item}"
    return RuleViolation(
        problem.code,
        problem.words,
        field=f"{where}.{problem.attribute}" if problem.attribute else where,
        meta={**problem.meta, "channel": channel.id},
    )
