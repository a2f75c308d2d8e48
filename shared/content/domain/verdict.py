"""What would become of a draft at its network, told before anything is sent."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from uuid import UUID

from shared.content.domain.channel import Account, Channel, Preview
from shared.content.domain.fitness import (
    PROBLEMS,
    Draft,
    limit_of,
    misfits,
    unknown_settings,
    unsayable,
    unshowable,
)
from shared.content.domain.media import Item
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
    """A file that is to be shown, by its path; `refused` says why it cannot be.

    `kind` is unknown of what there is not.
    """

    field: str
    media_id: UUID
    kind: str | None
    refused: RuleViolation | None

    @property
    def valid(self) -> bool:
        return self.refused is None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`limit` holds for the first part; `account_limit` is the account's own, where one was named.

    `media` has the first files only, as many as problems are told.
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
    unshown = unshowable(draft, channel, account)
    is_request = not (unsayable(draft) or unknown_settings(draft, channel) or unshown)
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
        media=[_of_file(item, draft, unshown) for item in islice(_items(draft), PROBLEMS)],
        preview=channel.previews(draft.parts, draft.settings, at=at) if is_request else [],
    )


def _items(draft: Draft) -> Iterator[Item]:
    return chain.from_iterable(draft.items.values())


def _of_file(item: Item, draft: Draft, unshown: Sequence[RuleViolation]) -> MediaVerdict:
    file = draft.files.get(item.media_id)
    about = f"{item.path}."
    return MediaVerdict(
        field=item.path,
        media_id=item.media_id,
        kind=file.kind if file else None,
        refused=next((one for one in unshown if f"{one.field}.".startswith(about)), None),
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
