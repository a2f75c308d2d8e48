"""How the networks of Meta answer and refuse: one Graph API, one shape of error.

Sources: developers.facebook.com (Graph API: handling errors, rate limits; Instagram Platform: error
codes; Pages API; Threads API: troubleshooting).

No header says how many more posts there may be; `X-Business-Use-Case-Usage` and `X-App-Usage` count
in percent, and the first of them tells a refused caller in how many minutes to come back.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from shared.channels.domain import network_answers
from shared.channels.domain.network_answers import malformed
from shared.channels.domain.provider import (
    Allowance,
    Answer,
    ErrorClass,
    ProviderError,
    Refused,
    Unanswered,
)
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED

_Meaning = tuple[ErrorClass, str]

_BY_SUBCODE: Mapping[int, _Meaning] = {
    1349125: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    1346003: (ErrorClass.CONTENT, "CONTENT_REFUSED"),  # taken for abusive
    1366046: (ErrorClass.MEDIA, "MEDIA_REFUSED"),  # a picture of another type, or too large
    1390008: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),  # posting too fast
    1404006: (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),  # a security check is wanted
    1404078: (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),
    1404102: (ErrorClass.CONTENT, "CONTENT_REFUSED"),  # against the Community Standards
    1404112: (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),  # locked for now
    1609005: (ErrorClass.CONTENT, "CONTENT_REFUSED"),  # a link that cannot be shown
    1609008: (ErrorClass.CONTENT, "CONTENT_REFUSED"),  # a link to Facebook itself
    2061006: (ErrorClass.CONTENT, "CONTENT_REFUSED"),  # an address that is none
    2207003: (ErrorClass.NETWORK, "MEDIA_UNREACHABLE"),  # it took too long to fetch
    2207004: (ErrorClass.MEDIA, "MEDIA_REFUSED"),  # a picture of more than 8 MiB
    2207005: (ErrorClass.MEDIA, "MEDIA_REFUSED"),  # a picture of another format
    2207006: (ErrorClass.CONTENT, "PARENT_MISSING"),
    2207008: (ErrorClass.PLATFORM, "NOT_FINISHED"),  # or published by a call whose answer was lost
    2207009: (ErrorClass.MEDIA, "MEDIA_REFUSED"),  # the ratio of a picture
    2207010: (ErrorClass.CONTENT, "CONTENT_REFUSED"),  # words, hashtags or mentions: too many
    2207020: (ErrorClass.PLATFORM, "CONTAINER_EXPIRED"),
    2207023: (ErrorClass.CONTENT, "CONTENT_REFUSED"),  # a type of media that is none
    2207026: (ErrorClass.MEDIA, "MEDIA_REFUSED"),  # the format of a film
    2207028: (ErrorClass.MEDIA, "MEDIA_REFUSED"),  # a carousel of too few or too many
    2207035: (ErrorClass.CONTENT, "CONTENT_REFUSED"),  # tags of products
    2207036: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    2207037: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    2207040: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    2207042: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),  # a day's posts
    2207050: (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),
    2207051: (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),  # taken for spam
    2207052: (ErrorClass.MEDIA, "MEDIA_UNREACHABLE"),
    2207057: (ErrorClass.MEDIA, "MEDIA_REFUSED"),  # a cover from beyond the end of a film
    2207081: (ErrorClass.PERMISSION, "NOT_PERMITTED"),  # trial reels are not for this account
    2207082: (ErrorClass.MEDIA, "MEDIA_UNREACHABLE"),
    4279013: (ErrorClass.CONTENT, "PARENT_MISSING"),
}
"""Where they say more than the code beside them."""

_BY_CODE: Mapping[int, _Meaning] = {
    -1: (ErrorClass.UNKNOWN, "SERVER_ERROR"),
    1: (ErrorClass.UNKNOWN, "SERVER_ERROR"),
    2: (ErrorClass.UNKNOWN, "SERVER_ERROR"),
    3: (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    4: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),  # of our application
    9: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
    10: (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    17: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),  # of the user
    24: (ErrorClass.CONTENT, "PARENT_MISSING"),
    25: (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),
    32: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),  # of the page
    100: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    102: (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
    110: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    190: (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"),
    324: (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    341: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
    368: (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED"),
    389: (ErrorClass.MEDIA, "MEDIA_UNREACHABLE"),
    506: (ErrorClass.CONTENT, "DUPLICATE_CONTENT"),
    613: (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
    1500: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    1609005: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
    9004: (ErrorClass.MEDIA, "MEDIA_UNREACHABLE"),
    9007: (ErrorClass.PLATFORM, "NOT_FINISHED"),
    36000: (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    36001: (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    36003: (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    36004: (ErrorClass.CONTENT, "CONTENT_REFUSED"),
}
"""Of the class unknown are those after which nobody knows: posts have appeared all the same."""
_BY_RANGE: tuple[tuple[range, _Meaning], ...] = (
    (range(200, 300), (ErrorClass.PERMISSION, "NOT_PERMITTED")),
    (range(351, 358), (ErrorClass.MEDIA, "MEDIA_REFUSED")),
    (range(6000, 6002), (ErrorClass.MEDIA, "MEDIA_REFUSED")),
    (range(80000, 80015), (ErrorClass.RATE_LIMIT, "RATE_LIMITED")),  # of a business use case
    (range(1363000, 1364000), (ErrorClass.MEDIA, "MEDIA_REFUSED")),  # of films
)
_NO_SUCH_OBJECT = (100, 33)
"""Code and subcode of what is not there, or not shown."""
_LONGEST_WAIT = timedelta(hours=24)


def said(answer: Answer, *, renewable: bool = False) -> dict[str, Any]:
    """The object that a call was answered with.

    Raises:
        Refused, Unanswered: of anything else, an error in a 200 too.
    """
    body = _body(answer)
    if answer.status != HTTPStatus.OK or "error" in body:
        raise error_of(answer, renewable=renewable)
    if not body:
        raise malformed("Meta's answer cannot be understood.")
    return body


def error_of(answer: Answer, *, renewable: bool = False) -> ProviderError:
    """The error of an answer that is not a success; `renewable` are the credentials used."""
    error = _body(answer).get("error")
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return network_answers.error_of(answer, f"HTTP {answer.status}")
    words = ": ".join(str(error[name]) for name in ("message", "error_user_msg") if error.get(name))
    meaning = _meaning(error["code"], error.get("error_subcode"))
    match meaning:
        case None:
            return network_answers.error_of(answer, words)
        case ErrorClass.AUTHENTICATION, code if renewable:
            return Refused(ErrorClass.AUTHENTICATION, CREDENTIALS_EXPIRED, words)
        case ErrorClass.RATE_LIMIT, code:
            return _throttled(answer, code, words)
        case ErrorClass.UNKNOWN, code:
            return Unanswered(ErrorClass.PLATFORM, code, words)
        case error_class, code:
            return Refused(error_class, code, words)


def _meaning(code: int, subcode: object) -> _Meaning | None:
    if isinstance(subcode, int) and subcode in _BY_SUBCODE:
        return _BY_SUBCODE[subcode]
    if (code, subcode) == _NO_SUCH_OBJECT:
        return ErrorClass.CONTENT, "PARENT_MISSING"
    by_range = (meaning for codes, meaning in _BY_RANGE if code in codes)
    return _BY_CODE.get(code) or next(by_range, None)


def _throttled(answer: Answer, code: str, words: str) -> Refused:
    """Until when is told at most by the usage of a business use case; else nothing is."""
    wait = _wait(answer)
    refusal = Refused(ErrorClass.RATE_LIMIT, code, words, retry_after=wait)
    if wait:
        refusal.allowance = Allowance(
            remaining=0,
            observed_at=answer.received_at,
            resets_at=answer.received_at + timedelta(seconds=wait),
        )
    return refusal


def _wait(answer: Answer) -> float | None:
    """Seconds, of the longest `estimated_time_to_regain_access`, which is in minutes."""
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", "{}"))
        minutes = [
            float(one.get("estimated_time_to_regain_access") or 0)
            for each in usage.values()
            for one in each
        ]
    except (AttributeError, TypeError, ValueError):
        minutes = []
    longest = _LONGEST_WAIT.total_seconds()
    asked = [minute * 60 for minute in minutes if 0 < minute * 60 <= longest]
    return (
        max(asked) if asked else network_answers.wait_asked_for(answer.headers, answer.received_at)
    )


def _body(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
