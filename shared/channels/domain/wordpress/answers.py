"""How WordPress refuses: a code, words, and a status that says little of uploads.

Sources: developer.wordpress.org/rest-api and the source of WordPress (`WP_REST_Posts_Controller`,
`WP_REST_Attachments_Controller`, `wp_authenticate_application_password`).
"""

from http import HTTPStatus
from typing import Any

from shared.channels.domain import network_answers
from shared.channels.domain.provider import Answer, ErrorClass, ProviderError, Refused

_BY_CODE: dict[str, tuple[ErrorClass, str]] = {
    "application_passwords_disabled": (ErrorClass.AUTHENTICATION, "PASSWORDS_DISABLED"),
    "application_passwords_disabled_for_user": (ErrorClass.AUTHENTICATION, "PASSWORDS_DISABLED"),
    "rest_cannot_create": (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    "rest_cannot_publish": (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    "rest_cannot_assign_term": (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    "rest_forbidden": (ErrorClass.PERMISSION, "NOT_PERMITTED"),
    "rest_no_route": (ErrorClass.CONTENT, "TYPE_MISSING"),
    "rest_post_invalid_id": (ErrorClass.CONTENT, "POST_MISSING"),
    "rest_upload_unknown_error": (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    "rest_upload_sideload_error": (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    "rest_upload_image_type_not_supported": (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    "rest_upload_no_data": (ErrorClass.MEDIA, "MEDIA_REFUSED"),
    "rest_upload_file_too_big": (ErrorClass.MEDIA, "MEDIA_TOO_LARGE"),
    "rest_upload_limited_space": (ErrorClass.QUOTA, "STORAGE_FULL"),
    "rest_upload_user_quota_exceeded": (ErrorClass.QUOTA, "STORAGE_FULL"),
}


def error_of(answer: Answer) -> ProviderError:
    """The error of an answer that is not a success."""
    body = _body(answer)
    words = str(body.get("message") or f"HTTP {answer.status}")
    known = _BY_CODE.get(str(body.get("code")))
    is_upload = str(body.get("code")).startswith("rest_upload_")
    is_refusal = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if known and (is_refusal or is_upload):
        return Refused(*known, words)
    return network_answers.error_of(answer, words)


def _body(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
