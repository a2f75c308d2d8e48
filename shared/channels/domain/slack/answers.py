"""How Slack answers: 200 for nearly all, and `ok` for what went well.

Sources: docs.slack.dev (web API, rate limits, errors of chat.postMessage, files.* and
conversations.*).
"""

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

NOT_IN_CHANNEL = "NOT_IN_CHANNEL"
"""The code of a refusal that joining the channel will mend, where it is a public one."""

_BY_CLASS: dict[tuple[ErrorClass, str], frozenset[str]] = {
    (ErrorClass.AUTHENTICATION, "CREDENTIALS_REFUSED"): frozenset(
        {
            "account_inactive",
            "bad_redirect_uri",
            "code_already_used",
            "invalid_auth",
            "invalid_code",
            "not_authed",
            "token_expired",
            "token_revoked",
        }
    ),
    (ErrorClass.PLATFORM, "APPLICATION_REFUSED"): frozenset(
        {"bad_client_secret", "invalid_client_id", "oauth_authorization_url_mismatch"}
    ),
    (ErrorClass.PERMISSION, "SCOPES_MISSING"): frozenset({"missing_scope"}),
    (ErrorClass.PERMISSION, "CHANNEL_MISSING"): frozenset(
        {"channel_not_found", "is_archived", "file_share_channel_not_found"}
    ),
    (ErrorClass.PERMISSION, NOT_IN_CHANNEL): frozenset({"not_in_channel"}),
    (ErrorClass.PERMISSION, "NOT_PERMITTED"): frozenset(
        {
            "access_denied",
            "no_permission",
            "ekm_access_denied",
            "org_login_required",
            "restricted_action",
            "restricted_action_non_threadable_channel",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "team_access_not_granted",
            "not_allowed_token_type",
            "access_to_private_channel_denied",
        }
    ),
    (ErrorClass.CONTENT, "PARENT_MISSING"): frozenset(
        {"thread_not_found", "cannot_reply_to_message", "message_not_found"}
    ),
    (ErrorClass.CONTENT, "CONTENT_TOO_LONG"): frozenset({"msg_too_long"}),
    (ErrorClass.CONTENT, "CONTENT_EMPTY"): frozenset({"no_text"}),
    (ErrorClass.MEDIA, "MEDIA_REFUSED"): frozenset(
        {
            "blocked_file_type",
            "file_not_found",
            "file_type_not_supported",
            "file_uploads_disabled",
            "file_uploads_except_images_disabled",
            "invalid_file",
            "missing_file",
            "unknown_snippet_type",
            "upload_failed",
        }
    ),
    (ErrorClass.MEDIA, "MEDIA_TOO_LARGE"): frozenset({"file_upload_size_restricted"}),
    (ErrorClass.QUOTA, "STORAGE_FULL"): frozenset({"storage_limit_reached"}),
    (ErrorClass.PLATFORM, "ADDON_MISSING"): frozenset(
        {"accesslimited", "two_factor_setup_required"}
    ),
}
_MEANINGS = {error: meaning for meaning, errors in _BY_CLASS.items() for error in errors}
_THROTTLED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNSURE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Of these Slack itself says that part of what was asked for may have been done."""
_FULL = "message_limit_exceeded"


def body_of(answer: Answer) -> dict[str, Any]:
    """What a call that went well has brought.

    Raises:
        Refused, Unanswered: it has not.
    """
    try:
        body = answer.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    if answer.status != HTTPStatus.OK or body.get("ok") is not True:
        raise _error_of(answer, body)
    return body


def _error_of(answer: Answer, body: dict[str, Any]) -> ProviderError:
    error = str(body.get("error") or "")
    needed = f", {body['needed']} is needed" if body.get("needed") else ""
    words = f"{error}{needed}" if error else f"HTTP {answer.status}"
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or error in _THROTTLED:
        return _throttled(answer, error, words)
    if error in _UNSURE:
        return Unanswered(ErrorClass.PLATFORM, "SERVER_ERROR", words)
    is_slacks_no = bool(error) and body.get("ok") is False
    if not is_slacks_no or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return network_answers.error_of(answer, words)
    return Refused(*_MEANINGS.get(error, (ErrorClass.CONTENT, "CONTENT_REFUSED")), words)


def _throttled(answer: Answer, error: str, words: str) -> Refused:
    wait = network_answers.wait_asked_for(answer.headers, answer.received_at)
    error_class = ErrorClass.QUOTA if error == _FULL else ErrorClass.RATE_LIMIT
    refusal = Refused(error_class, "RATE_LIMITED", words, retry_after=wait)
    refusal.allowance = network_answers.allowance_of(answer)
    return refusal
