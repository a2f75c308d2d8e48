"""How TikTok refuses, be it with a 200 (developers.tiktok.com: errors, post status)."""

from http import HTTPStatus
from typing import Any

from shared.channels.domain import network_answers
from shared.channels.domain.provider import (
    Answer,
    ErrorClass,
    ProviderError,
    Refused,
    Unanswered,
)
from shared.channels.domain.renewal import CREDENTIALS_EXPIRED

_A_MINUTE, _A_DAY = 60.0, 86_400.0

_MEDIA = dict.fromkeys(
    (
        "file_format_check_failed",
        "duration_check_failed",
        "frame_rate_check_failed",
        "picture_size_check_failed",
        "video_pull_failed",
        "photo_pull_failed",
        "invalid_file_upload",
    ),
    (ErrorClass.MEDIA, "MEDIA_REFUSED", None),
)
_BY_CODE: dict[str, tuple[ErrorClass, str, float | None]] = {
    **_MEDIA,
    "scope_not_authorized": (ErrorClass.PERMISSION, "NOT_PERMITTED", None),
    "scope_permission_missed": (ErrorClass.PERMISSION, "NOT_PERMITTED", None),
    "spam_risk": (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED", None),
    "spam_risk_user_banned_from_posting": (ErrorClass.PERMISSION, "ACCOUNT_RESTRICTED", None),
    "auth_removed": (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED", None),
    "spam_risk_text": (ErrorClass.CONTENT, "CONTENT_REFUSED", None),
    "invalid_param": (ErrorClass.CONTENT, "CONTENT_REFUSED", None),
    "invalid_params": (ErrorClass.CONTENT, "CONTENT_REFUSED", None),
    "privacy_level_option_mismatch": (ErrorClass.CONTENT, "PRIVACY_NOT_OFFERED", None),
    "publish_cancelled": (ErrorClass.CONTENT, "PUBLISHING_CANCELLED", None),
    "spam_risk_too_many_posts": (ErrorClass.RATE_LIMIT, "RATE_LIMITED", _A_DAY),
    "spam_risk_too_many_pending_share": (ErrorClass.RATE_LIMIT, "RATE_LIMITED", _A_DAY),
    "rate_limit_exceeded": (ErrorClass.RATE_LIMIT, "RATE_LIMITED", _A_MINUTE),
    "reached_active_user_cap": (ErrorClass.QUOTA, "ACTIVE_USERS_CAPPED", _A_DAY),
    "unaudited_client_can_only_post_to_private_accounts": (
        ErrorClass.PLATFORM,
        "APPLICATION_REFUSED",
        None,
    ),
    "url_ownership_unverified": (ErrorClass.PLATFORM, "ADDRESS_UNVERIFIED", None),
    "internal": (ErrorClass.PLATFORM, "PROCESSING_FAILED", None),
}
_INTERNAL = frozenset({"internal_error", "timeout"})


def said(answer: Answer, *, renewable: bool) -> dict[str, Any]:
    """What a success holds.

    Raises:
        Refused, Unanswered: it is none, whatever its status.
    """
    if answer.status != HTTPStatus.OK or _code(answer) != "ok":
        raise error_of(answer, renewable=renewable)
    data = answer.json().get("data")
    if not isinstance(data, dict):
        raise network_answers.malformed("TikTok answered with nothing.")
    return data


def error_of(answer: Answer, *, renewable: bool) -> ProviderError:
    """The error of an answer that is not a success; `renewable` are the credentials used."""
    code, words = _code(answer), _words(answer)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _INTERNAL:
        return Unanswered(ErrorClass.PLATFORM, "SERVER_ERROR", words)
    if refusal := refusal_for(code, words):
        return refusal
    if answer.status == HTTPStatus.UNAUTHORIZED or code == "access_token_invalid":
        expired = CREDENTIALS_EXPIRED if renewable else "CREDENTIALS_REFUSED"
        return Refused(ErrorClass.AUTHENTICATION, expired, words)
    return network_answers.error_of(answer, words)


def refusal_for(code: str, words: str = "") -> Refused | None:
    """What a code of TikTok's stands for: of an answer, or of why it failed to publish."""
    if code not in _BY_CODE:
        return None
    error_class, name, wait = _BY_CODE[code]
    return Refused(error_class, name, words or code, retry_after=wait)


def has_code(answer: Answer) -> bool:
    """Whether TikTok says why; its servers for files may not."""
    return bool(_code(answer))


def _code(answer: Answer) -> str:
    return str(_error(answer).get("code", ""))


def _words(answer: Answer) -> str:
    error = _error(answer)
    return ": ".join(str(error[name]) for name in ("code", "message") if error.get(name)) or (
        f"HTTP {answer.status}"
    )


def _error(answer: Answer) -> dict[str, Any]:
    try:
        error = answer.json()["error"]
    except (KeyError, TypeError, ValueError):
        return {}
    return error if isinstance(error, dict) else {}
