"""Change what a person says about themselves."""

from collections.abc import Callable, Mapping
from uuid import UUID

from shared.identity.application.accounts.locked_user import happened_to, locked_user
from shared.identity.application.ports import Begin
from shared.identity.domain.name import plain_name
from shared.identity.domain.profile import Profile
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.errors import PermissionDenied, RuleViolation, RuleViolations
from shared.kernel.happenings import Happening
from shared.kernel.timezones import zone

_CHANGEABLE = ("name", "timezone", "locale", "avatar_url")


def change_profile(
    begin: Begin, clock: Clock, *, actor: Actor, user_id: UUID, changes: Mapping[str, str | None]
) -> Profile:
    """Change one's own, or as root anybody's, `name`, `timezone`, `locale` or `avatar_url`.

    Only the last may be None. Nothing is told where nothing changes.

    Raises:
        PermissionDenied: `FORBIDDEN`; it is somebody else's.
        NotFound: `USER_NOT_FOUND`.
        RuleViolations: `NO_FIELDS_TO_UPDATE`, `INVALID_TIMEZONE`, `VALIDATION_ERROR`.
    """
    if user_id != actor.user_id and not actor.is_root:
        raise PermissionDenied("FORBIDDEN", "Only root changes somebody else's profile")
    if not changes:
        raise RuleViolation(
            "NO_FIELDS_TO_UPDATE", "Send at least one field", meta={"fields": list(_CHANGEABLE)}
        )
    wanted = _checked(changes)
    with begin() as work:
        user, now = locked_user(work, user_id), clock()
        changed = {name: value for name, value in wanted.items() if getattr(user, name) != value}
        for name, value in changed.items():
            setattr(user, name, value)
        memberships = work.organizations.of(user.id)
        if changed:
            user.updated_at = now
            work.happenings.record(
                happened_to(
                    user,
                    memberships,
                    Happening.USER_UPDATED,
                    by=actor.user_id,
                    at=now,
                    fields=sorted(changed),
                )
            )
        return Profile.of(user, memberships)


def _checked(changes: Mapping[str, str | None]) -> dict[str, str | None]:
    rules: dict[str, Callable[[str], str]] = {"name": plain_name, "timezone": _zone_name}
    checked: dict[str, str | None] = {}
    violations = []
    for name in _CHANGEABLE:
        if name not in changes:
            continue
        value = changes[name]
        try:
            if value is None and name != "avatar_url":
                raise RuleViolation("VALIDATION_ERROR", "This cannot be null", field=name)  # noqa: TRY301
            checked[name] = rules[name](value) if value is not None and name in rules else value
        except RuleViolation as violation:
            violations.append(violation)
    if violations:
        raise RuleViolations(violations)
    return checked


def _zone_name(text: str) -> str:
    return zone(text).key
