"""Verdicts on what would be sent, as they are shown."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from functions.envelopes import ChannelName, WarningOut
from shared.content.adapters.channels import find_channel
from shared.content.domain.verdict import MediaVerdict, Verdict
from shared.kernel.errors import RuleViolation


class ProblemOut(BaseModel):
    """Why it cannot be sent: the same code that marking it ready or scheduling it would get."""

    error_code: str
    error_description: str
    field: str | None
    meta: dict[str, Any] | None

    @classmethod
    def of(cls, problem: RuleViolation) -> Self:
        return cls(
            error_code=problem.code,
            error_description=problem.description,
            field=problem.field,
            meta=problem.meta,
        )


class PartOut(BaseModel):
    """The root, or a part of its thread, as the network counts it."""

    model_config = ConfigDict(from_attributes=True)

    field: str
    character_count: int
    limit: int
    fits: bool


class MediaOut(BaseModel):
    """A file that is attached; `kind` is null of what there is not."""

    field: str
    media_id: UUID
    kind: str | None
    valid: bool
    error: ProblemOut | None

    @classmethod
    def of(cls, verdict: MediaVerdict) -> Self:
        error = ProblemOut.of(verdict.refused) if verdict.refused else None
        return cls(
            field=verdict.field,
            media_id=verdict.media_id,
            kind=verdict.kind,
            valid=verdict.valid,
            error=error,
        )


class RequestOut(BaseModel):
    """The request that the network would get, but for what depends on the account.

    What the network must give first is named in angle brackets, such as `<part 1>`.
    """

    model_config = ConfigDict(from_attributes=True)

    method: str
    path: str
    body: dict[str, Any]


class VerdictOut(BaseModel):
    """`character_count` is the content's; `parts` has it again, with those of the thread.

    `limit` holds for each part. `account_limit` is the account's own, where one was named.
    `preview` has one request a part; none where what was written makes no request.
    """

    channel_id: str
    channel: ChannelName
    valid: bool
    errors: list[ProblemOut]
    warnings: list[WarningOut]
    character_count: int
    limit: int
    account_limit: int | None
    counts: str
    parts: list[PartOut]
    media: list[MediaOut]
    preview: list[RequestOut]

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        channel = find_channel(verdict.channel)
        return cls(
            channel_id=channel.id,
            channel=ChannelName.of(channel),
            valid=verdict.valid,
            errors=[ProblemOut.of(each) for each in verdict.errors],
            warnings=[WarningOut.model_validate(each) for each in verdict.warnings],
            character_count=verdict.character_count,
            limit=verdict.limit,
            account_limit=verdict.account_limit,
            counts=channel.counts,
            parts=[PartOut.model_validate(each) for each in verdict.parts],
            media=[MediaOut.of(each) for each in verdict.media],
            preview=[RequestOut.model_validate(each) for each in verdict.preview],
        )


class PostVerdictOut(BaseModel):
    """`valid` where everything is; `errors` are the post's own, each variant has its own."""

    valid: bool
    errors: list[ProblemOut]
    variants: list[VerdictOut]

    @classmethod
    def of(cls, problems: Sequence[RuleViolation], verdicts: Sequence[Verdict]) -> Self:
        return cls(
            valid=not problems and all(each.valid for each in verdicts),
            errors=[ProblemOut.of(each) for each in problems],
            variants=[VerdictOut.of(each) for each in verdicts],
        )
