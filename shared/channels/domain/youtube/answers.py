"""How YouTube refuses (developers.google.com/youtube/v3: errors, quota).

It sends no rate headers. An application has a quota of its own for all accounts together, which
begins anew at midnight in California; how many videos an account may upload a day it does not say.
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from shared.channels.domain import network_answers
from shared.channels.domain.provider import Answer, ErrorClass, ProviderError, Refused
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED

_CALIFORNIA = ZoneInfo("America/Los_Angeles")
_A_DAY = timedelta(days=1)

_CONTENT = dict.fromkeys(
    (
        "invalidTitle",
        "invalidDescription",
        "invalidTags",
        "invalidCategoryId",
        "invalidVideoMetadata",
        "invalidPublishAt",
        "invalidRecordingDetails",
        "defaultLanguageNotSet",
        "forbiddenPrivacySetting",
        "forbiddenLicenseSetting",
        "forbiddenEmbedSetting",
    ),
    (ErrorClass.CONTENT, "CONTENT_REFUSED"),
)
_MEDIA = dict.fromkeys(
    ("mediaBodyRequired", "invalidFilename", "invalidImage", "badContent", "uploadTooLarge"),
    (ErrorClass.MEDIA, "MEDIA_REFUSED"),
)
_PERSON = dict.fromkeys(
    (
        "forbidden",
        "accountClosed",
        "accountSuspended",
        "channelClosed",
        "channelSuspended",
        "youtubeSignupRequired",
        "authenticatedUserAccountClosed",
        "authenticatedUserAccountSuspended",
        "authenticatedUserNotChannel",
        "insufficientPermissions",
        "insufficientScopes",
    ),
    (ErrorClass.PERMISSION, "NOT_PERMITTED"),
)
_APPLICATION = dict.fromkeys(
    ("accessNotConfigured", "serviceDisabled", "ipRefererBlocked", "keyInvalid"),
    (ErrorClass.PLATFORM, "APPLICATION_REFUSED"),
)
_BY_REASON = {**_CONTENT, **_MEDIA, **_PERSON, **_APPLICATION}
_LIMITS = {
    "quotaExceeded": (ErrorClass.QUOTA, "QUOTA_EXCEEDED"),
    "dailyLimitExceeded": (ErrorClass.QUOTA, "QUOTA_EXCEEDED"),
    "uploadLimitExceeded": (ErrorClass.RATE_LIMIT, "UPLOAD_LIMIT"),
    "rateLimitExceeded": (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
    "userRateLimitExceeded": (ErrorClass.RATE_LIMIT, "RATE_LIMITED"),
}


def error_of(answer: Answer, *, renewable: bool) -> ProviderError:
    """The error of an answer that is not a success; `renewable` are the credentials used."""
    reason, words = _reason_and_words(answer)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        code = CREDENTIALS_EXPIRED if renewable else "CREDENTIALS_REFUSED"
        return Refused(ErrorClass.AUTHENTICATION, code, words)
    if not HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return network_answers.error_of(answer, words)
    if reason in _LIMITS:
        error_class, code = _LIMITS[reason]
        return Refused(error_class, code, words, retry_after=_wait(answer, code))
    if reason in _BY_REASON:
        error_class, code = _BY_REASON[reason]
        return Refused(error_class, code, words)
    return network_answers.error_of(answer, words)


def _wait(answer: Answer, code: str) -> float | None:
    if code == "QUOTA_EXCEEDED":
        return (_midnight_after(answer.received_at) - answer.received_at).total_seconds()
    if code == "UPLOAD_LIMIT":
        return _A_DAY.total_seconds()
    return network_answers.wait_asked_for(answer.headers, answer.received_at)


def _midnight_after(instant: datetime) -> datetime:
    tomorrow = instant.astimezone(_CALIFORNIA) + _A_DAY
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)


def _reason_and_words(answer: Answer) -> tuple[str, str]:
    try:
        error: dict[str, Any] = answer.json()["error"]
        reasons = [str(one.get("reason", "")) for one in error.get("errors", ())]
        return (reasons or [""])[0], str(error.get("message") or f"HTTP {answer.status}")
    except (AttributeError, KeyError, TypeError, ValueError):
        return "", f"HTTP {answer.status}"
