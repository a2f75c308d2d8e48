"""What can go wrong, named by meaning.

DomainError
├── RuleViolation        the request breaks a rule of the product
│   └── RuleViolations   several at once
├── Unauthenticated      nobody proved who is asking
├── PermissionDenied     somebody did, and may not
├── NotFound             there is no such thing
├── Conflict             the thing is not in a state for that
├── PreconditionFailed   the thing is not in the state the caller took it to be in
├── TooLarge             more at once than is taken
├── LimitExceeded        too much, too fast: try again later
├── Unavailable          a service we depend on is down
└── FaultyService        it is up, and does not do its part

Status codes live at the HTTP edge only; a timer or a queue has none.
"""

from collections.abc import Callable, Iterable
from typing import Any


class DomainError(Exception):
    """`code` is part of the HTTP contract; `meta` carries facts the caller can act on.

    `retry_after` is in seconds: when to try again, where that is known.
    """

    def __init__(
        self,
        code: str,
        description: str,
        *,
        field: str | None = None,
        meta: dict[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.field = field
        self.meta = meta
        self.retry_after = retry_after


class RuleViolation(DomainError):
    pass


class RuleViolations(RuleViolation):
    """Every violation found, so that a person mends them in one go."""

    def __init__(self, violations: list[RuleViolation]) -> None:
        first = violations[0]
        super().__init__(first.code, first.description, field=first.field, meta=first.meta)
        self.violations = violations


def broken(rule: Callable[[], object], field: str) -> list[RuleViolation]:
    """All that a rule finds wrong with a field; nothing where it is kept.

    Where it finds several things it has said of each what it concerns, which stays.
    """
    try:
        rule()
    except RuleViolations as several:
        return several.violations
    except RuleViolation as one:
        return [RuleViolation(one.code, one.description, field=field, meta=one.meta)]
    return []


def demand_none(violations: Iterable[RuleViolation]) -> None:
    """Raise them together, if there are any.

    Raises:
        RuleViolations: all of them.
    """
    if found := list(violations):
        raise RuleViolations(found)


class Unauthenticated(DomainError):
    pass


class PermissionDenied(DomainError):
    pass


class NotFound(DomainError):
    pass


class Conflict(DomainError):
    pass


class PreconditionFailed(DomainError):
    pass


class TooLarge(DomainError):
    pass


class LimitExceeded(DomainError):
    """`limit` is how often it may be done in its window, where that is known."""

    retry_after: int

    def __init__(
        self, code: str, description: str, *, retry_after: int, limit: int | None = None
    ) -> None:
        meta = {"retry_after": retry_after}
        super().__init__(code, description, meta=meta, retry_after=retry_after)
        self.limit = limit


class Unavailable(DomainError):
    pass


class FaultyService(DomainError):
    pass
