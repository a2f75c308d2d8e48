"""What would become of a draft at its network, told before anything is sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from shared.content.domain.channel import Account, Channel, Preview
from shared.content.domain.fitness import (
    PROBLEMS,
    Draft,
    limit_of,
    misfits,
    unknown_settings,
    unsayable,
    unsupported_media,
)
from shared.kernel.errors import RuleViolation

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, kw_only=True)
class Warned:
    """Something that may be sent and may not have been meant."""

    code: str
    description: str
    field: str | None = None


@dataclass(frozen=True, kw_only=True)
class PartLength:
    """A part of what is sent, as its network counts it; `field` is the path of its text."""

    field: str
    character_count: int
    limit: int

    @property
    def fits(self) -> bool:
        return self.character_count <= self.limit


@dataclass(frozen=True, kw_only=True)
class MediaVerdict:
    """Things of a kind that are attached, by its path; `refused` says why they cannot be sent."""

    field: str
    count: int
    refused: RuleViolation | None

    @property
    def valid(self) -> bool:
        return self.refused is None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`limit` holds for the first part; `account_limit` is the account's own, where one was named.

    `media` has the first kinds only, as many as problems are told.
    `preview` has the request for each part; none where the text or the settings make no request.
    """

    channel: str
    errors: Sequence[RuleViolation]
    warnings: Sequence[Warned]
    limit: int
    account_limit: int | None
    parts: Sequence[PartLength]
    media: Sequence[MediaVerdict]
    preview: Sequence[Preview]

    @property
    def valid(self) -> bool:
        return not self.errors

    @property
    def character_count(self) -> int:
        return self.parts[0].character_count


def judge(
    draft: Draft,
    channel: Channel,
    account: Account | None = None,
    *,
    warnings: Sequence[Warned] = (),
    at: datetime,
) -> Verdict:
    """Judge a draft as if it were sent at this moment; `warnings` are what is known already."""
    is_request = not unsayable(draft) and not unknown_settings(draft, channel)
    texts = list(draft.texts.values())
    return Verdict(
        channel=channel.id,
        errors=misfits(draft, channel, account),
        warnings=[*_invisible(draft), *warnings],
        limit=limit_of(channel, account),
        account_limit=account.max_length if account else None,
        parts=[
            PartLength(
                field=path,
                character_count=channel.measure(text, draft.settings),
                limit=limit_of(channel, account, part=part),
            )
            for part, (path, text) in enumerate(draft.texts.items())
        ],
        media=[
            MediaVerdict(field=path, count=count, refused=refused)
            for (path, count), refused in zip(
                islice(draft.attachments.items(), PROBLEMS),
                unsupported_media(draft, channel),
                strict=False,
            )
        ],
        preview=channel.previews(texts, draft.settings, at=at) if is_request else [],
    )


def _invisible(draft: Draft) -> list[Warned]:
    return [
        Warned(
            code="CONTROL_CHARACTERS",
            description="There are characters in it that nobody sees; it is sent as it stands",
            field=path,
        )
        for path, text in draft.texts.items()
        if _CONTROLS.search(text)
    ]
