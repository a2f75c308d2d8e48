"""What is kept of each thing that happens: how long, of what kind of thing, and for whose proof."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.kernel.happenings import Happening
from shared.kernel.retention import Kept

H = Happening


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`subject` is what sort of thing it happens to; what is `audited` is kept as proof, too."""

    subject: str
    kept: Kept
    is_audited: bool


_SECURITY = {
    "user": (
        H.USER_REGISTERED, H.USER_REGISTERED_VIA_OAUTH, H.USER_APPROVED, H.USER_REJECTED,
        H.USER_DISABLED, H.USER_ENABLED, H.USER_DELETED, H.USER_RESTORED, H.USER_UPDATED,
        H.EMAIL_VERIFIED, H.PASSWORD_CHANGED, H.PASSWORD_RESET_REQUESTED, H.OAUTH_ACCOUNT_LINKED,
        H.OAUTH_ACCOUNT_UNLINKED, H.OAUTH_LOGIN_FAILED, H.SECOND_FACTOR_ENABLED,
        H.SECOND_FACTOR_DISABLED, H.SECOND_FACTOR_RESET, H.PASSKEY_ADDED, H.PASSKEY_RENAMED,
        H.PASSKEY_REMOVED, H.RECOVERY_CODE_USED, H.RECOVERY_CODES_RENEWED,
    ),
    "session": (
        H.USER_LOGIN, H.USER_LOGIN_FAILED, H.USER_LOGOUT, H.TOKEN_REFRESHED, H.SESSION_REVOKED,
        H.SESSION_KICKED,
    ),
    "organization": (
        H.ORGANIZATION_CREATED, H.ORGANIZATION_UPDATED, H.OWNERSHIP_TRANSFERRED, H.ROOT_BYPASS,
    ),
    "member": (
        H.MEMBER_INVITED, H.INVITATION_REVOKED, H.MEMBER_JOINED, H.MEMBER_REMOVED, H.ROLE_ASSIGNED,
        H.PERMISSION_GRANTED, H.PERMISSION_REVOKED,
    ),
    "role": (H.ROLE_CREATED, H.ROLE_UPDATED, H.ROLE_DELETED),
    "service_account": (
        H.SERVICE_ACCOUNT_CREATED, H.SERVICE_ACCOUNT_UPDATED, H.SERVICE_ACCOUNT_DELETED,
    ),
    "api_key": (H.API_KEY_CREATED, H.API_KEY_REVOKED),
    "application": (H.CHANNEL_APPLICATION_SET, H.CHANNEL_APPLICATION_REMOVED),
}  # fmt: skip
_WORK = {
    "connection": (
        H.CHANNEL_CONNECTED, H.CHANNEL_DISCONNECTED, H.CHANNEL_TOKEN_REFRESHED, H.CHANNEL_ERROR,
    ),
    "post": (
        H.POST_CREATED, H.POST_UPDATED, H.POST_DELETED, H.POST_RESTORED, H.POST_ARCHIVED,
        H.POST_UNARCHIVED, H.POST_GENERATED,
    ),
    "variant": (
        H.POST_VARIANT_CREATED, H.POST_VARIANT_UPDATED, H.POST_VARIANT_READY,
        H.POST_VARIANT_DELETED,
    ),
    "tag": (H.TAG_UPDATED, H.TAG_DELETED),
    "import": (
        H.POSTS_IMPORT_STARTED, H.POSTS_IMPORTED, H.POSTS_IMPORT_FAILED, H.POSTS_IMPORT_CANCELLED,
    ),
    "media": (
        H.MEDIA_ADDED, H.MEDIA_READY, H.MEDIA_REFUSED, H.MEDIA_FAILED, H.MEDIA_DELETED,
        H.MEDIA_RESTORED,
    ),
    "template": (H.TEMPLATE_CREATED, H.TEMPLATE_UPDATED, H.TEMPLATE_DELETED, H.TEMPLATE_USED),
    "generation": (
        H.GENERATION_STARTED, H.GENERATION_COMPLETED, H.GENERATION_ABORTED, H.SUGGESTION_ACCEPTED,
    ),
    "schedule": (
        H.SCHEDULE_CREATED, H.SCHEDULE_UPDATED, H.SCHEDULE_CANCELLED, H.SCHEDULE_DELETED,
        H.SCHEDULE_QUEUED, H.SCHEDULE_WAITING, H.SCHEDULE_SKIPPED, H.SCHEDULE_PUBLISHING,
        H.SCHEDULE_PUBLISHED, H.SCHEDULE_FAILED, H.SCHEDULE_OUTCOME_UNKNOWN, H.SCHEDULE_RESOLVED,
        H.SCHEDULE_RETRIED,
    ),
    "preset": (
        H.USER_PRESET_CREATED, H.UI_PRESET_CLONED, H.UI_PRESET_UPDATED, H.UI_PRESET_DELETED,
        H.ROLE_PRESET_CREATED, H.ROLE_PRESET_UPDATED, H.GLOBAL_PRESET_CREATED,
        H.GLOBAL_PRESET_UPDATED,
    ),
}  # fmt: skip

_PROVE_NOTHING = frozenset({
    # The engine's steps: the ledger of attempts is their proof.
    H.SCHEDULE_QUEUED, H.SCHEDULE_WAITING, H.SCHEDULE_SKIPPED, H.SCHEDULE_PUBLISHING,
    H.SCHEDULE_PUBLISHED, H.SCHEDULE_FAILED, H.SCHEDULE_OUTCOME_UNKNOWN,
    # What goes on by itself, and often.
    H.TOKEN_REFRESHED, H.CHANNEL_TOKEN_REFRESHED, H.CHANNEL_ERROR, H.TEMPLATE_USED,
    H.MEDIA_READY, H.MEDIA_REFUSED, H.MEDIA_FAILED,
    H.GENERATION_STARTED, H.GENERATION_COMPLETED, H.GENERATION_ABORTED,
    # What a stranger does, who must not learn by a clock whether there is such an account; of those
    # who sign up the auditor keeps a proof.
    H.USER_REGISTERED, H.USER_LOGIN_FAILED, H.PASSWORD_RESET_REQUESTED, H.OAUTH_LOGIN_FAILED,
})  # fmt: skip


def _kinds(
    subjects: Mapping[str, Iterable[Happening]], kept: Kept
) -> Iterable[tuple[Happening, Kind]]:
    for subject, named in subjects.items():
        for each in named:
            yield each, Kind(subject=subject, kept=kept, is_audited=each not in _PROVE_NOTHING)


KINDS: Mapping[Happening, Kind] = dict(
    [*_kinds(_SECURITY, Kept.FOR_GOOD), *_kinds(_WORK, Kept.TWO_YEARS)]
)
"""Of everything that happens."""
