"""Keep for good that somebody signed up."""

from shared.kernel.clock import Clock
from shared.operations.application.ports import BeginAudit
from shared.operations.domain.audit import signed_up
from shared.operations.domain.outbox import Done, Ending, GiveUp, OutboxMessage


def audit_sign_up(begin: BeginAudit, clock: Clock, message: OutboxMessage) -> Ending:
    """Add the entry, which has the message's id: however often it comes, there is one."""
    try:
        entry = signed_up(message)
    except ValueError as error:
        return GiveUp(f"not a sign-up: {error}")
    with begin() as audit_logs:
        audit_logs.add(entry, now=clock())
    return Done()
