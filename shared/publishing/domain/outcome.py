"""How one attempt can end. Each ending is a value, and each says what may happen next.

Published   it is there
Deferred    it is not there, and trying again later is sensible
Rejected    it is not there, and trying again is pointless until somebody acts
Unsettled   nobody knows; it must not be sent blindly again
Pending     the network works on it; it is gone on with from there
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Why: `error_class` is ours, `code` the provider's, `words` the network's own."""

    error_class: str
    code: str
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    external_id: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Deferred:
    """`is_spent`: the network was asked, so it counts as one of the attempts allowed.

    What is not spent waits for `retry_after`, if that is told.
    """

    failure: Failure
    retry_after: timedelta | None = None
    is_spent: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    failure: Failure


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsettled:
    """`recoverable`: the network can be asked, or the same key used again."""

    failure: Failure
    recoverable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Pending:
    """`words` are what the provider needs to go on, and `of` is a digest of what is published.

    It is asked about again after `check_after`, for as long as `patience`. `is_under_way`: it may
    be published though nobody asks again.
    """

    words: Mapping[str, str]
    of: str
    check_after: timedelta
    is_under_way: bool
    patience: timedelta


Outcome = Published | Deferred | Rejected | Unsettled | Pending

TRANSIENT = frozenset({"rate_limit", "quota", "network", "platform", "unknown"})

RESPONSIBLE = {
    "authentication": "user",
    "permission": "user",
    "content": "user",
    "media": "user",
    "rate_limit": "system",
    "quota": "system",
    "network": "platform",
    "platform": "platform",
    "unknown": "platform",
}
"""Who must act, by error class."""

ACTION = {
    "authentication": "reconnect",
    "permission": "reconnect",
    "content": "edit",
    "media": "edit",
}
"""What the user must do where the user must act."""

CREDENTIALS_EXPIRED = "CREDENTIALS_EXPIRED"
"""The code of a failure that renewing what we sign in with will mend."""

MEDIA_PROCESSING = "MEDIA_PROCESSING"
"""The code of what waits until that which it shows is made ready."""

TOOK_TOO_LONG = "PROCESSING_TOOK_TOO_LONG"
"""The code of a failure of what the network has worked on in vain."""

CONFIRM = "confirm"
"""What the user must do where nobody else can find out: say whether it was published."""
