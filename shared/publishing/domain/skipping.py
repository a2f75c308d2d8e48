"""Why a schedule was not even tried, in words for its author."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class SkipCode(StrEnum):
    TOO_LATE = "TOO_LATE"
    CONNECTION_ERROR = "CONNECTION_ERROR"
    CONNECTION_DISCONNECTED = "CONNECTION_DISCONNECTED"
    POST_DELETED = "POST_DELETED"
    CHANNEL_NOT_SUPPORTED = "CHANNEL_NOT_SUPPORTED"
    OWNER_DISABLED = "OWNER_DISABLED"
    PREVIOUS_PART_NOT_PUBLISHED = "PREVIOUS_PART_NOT_PUBLISHED"


_WORDS = {
    SkipCode.TOO_LATE: "It could not leave within {minutes} of its time",
    SkipCode.CONNECTION_ERROR: ("The account was not connected again within {minutes} of its time"),
    SkipCode.CONNECTION_DISCONNECTED: "The account had been disconnected when its time came",
    SkipCode.POST_DELETED: "What it would publish had been deleted when its time came",
    SkipCode.CHANNEL_NOT_SUPPORTED: "Its network was not supported any more when its time came",
    SkipCode.OWNER_DISABLED: "Whoever planned it had been disabled when its time came",
    SkipCode.PREVIOUS_PART_NOT_PUBLISHED: "The part of the thread before it was not published",
}


@dataclass(frozen=True, kw_only=True)
class Skip:
    """`words` are for people, `code` for programs."""

    code: SkipCode
    words: str

    @classmethod
    def because(cls, code: SkipCode, *, lateness: timedelta = timedelta()) -> "Skip":
        """`lateness` is how late the account lets a post leave; only some words tell it."""
        minutes = lateness // timedelta(minutes=1)
        told = "a minute" if minutes == 1 else f"{minutes} minutes"
        return cls(code=code, words=_WORDS[code].format(minutes=told))


NOTHING_BEFORE = Skip.because(SkipCode.PREVIOUS_PART_NOT_PUBLISHED)
