"""Time that passes while nobody looks: what would take minutes and hours is due at once."""

from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.line import pass_rate_windows
from tests.refresher import make_renewal_due

# A follow-up that waits for the part before it is due by that alone.
_WAITING = text("""
    UPDATE schedules
    SET next_attempt_at = now() - interval '5 minutes',
        held_until = CASE WHEN held_until IS NULL THEN NULL ELSE now() - interval '5 minutes' END
    WHERE status = 'pending'
      AND (run_at < now() OR attempt_count > 0 OR waiting_reason IS NOT NULL)
      AND waiting_reason IS DISTINCT FROM 'PREVIOUS_PART'
""")

# Nobody works on them: their attempt has ended, and the next one is only to look.
_TO_BE_LOOKED_FOR = text("""
    UPDATE schedules AS s SET lease_expires_at = now() - interval '5 minutes'
    WHERE status = 'processing' AND fencing_token = started_token AND NOT EXISTS (
        SELECT FROM publish_events AS e WHERE e.schedule_id = s.id AND e.status = 'started'
    )
""")

_LEASES = text("""
    UPDATE schedules SET lease_expires_at = now() - interval '5 minutes'
    WHERE status IN ('queued', 'processing')
""")


def let_waits_end() -> None:
    """Retries, holds and the networks' windows; leases of those at work go on."""
    with engine().begin() as connection:
        connection.execute(_WAITING)
        connection.execute(_TO_BE_LOOKED_FOR)
    pass_rate_windows()


def let_everything_lapse() -> None:
    """Leases, too: only right where all that held one is dead."""
    let_waits_end()
    with engine().begin() as connection:
        connection.execute(_LEASES)
    make_renewal_due()
