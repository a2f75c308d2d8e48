"""The statements that move schedules, a set at a time, written as what they are."""

from sqlalchemy import text

LOCK = text("SELECT id FROM schedules WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")

# What is in processing stays there: whether it was sent must be found out.
CLAIM_DUE = text("""
    WITH due AS (
        SELECT id FROM schedules
        WHERE due_at <= :now
        ORDER BY due_at
        LIMIT :limit
        FOR UPDATE SKIP LOCKED
    )
    UPDATE schedules AS s
    SET status = CASE s.status WHEN 'processing' THEN 'processing' ELSE 'queued' END,
        fencing_token = s.fencing_token + 1,
        lease_expires_at = :until, held_until = NULL, waiting_reason = NULL,
        updated_at = :now
    FROM due
    WHERE s.id = due.id
    RETURNING s.id, s.fencing_token, s.status, s.next_attempt_at, s.post_id, s.post_variant_id,
              s.channel_connection_id, s.created_by
""")

RELEASE = text("""
    UPDATE schedules AS s
    SET lease_expires_at = :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:tokens AS bigint[])) AS claim(id, token)
    WHERE s.id = claim.id AND s.fencing_token = claim.token AND s.started_token < claim.token
""")

SKIP = text("""
    UPDATE schedules AS s
    SET status = 'skipped', error_code = skipped.reason, lease_expires_at = NULL,
        held_until = NULL, waiting_reason = NULL, updated_at = :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:reasons AS text[])) AS skipped(id, reason)
    WHERE s.id = skipped.id AND s.status IN ('pending', 'queued')
""")

# A repeated message finds its token started, a late one finds a newer token, and what was
# cancelled is neither queued nor in processing: none of them starts anything.
START = text("""
    UPDATE schedules AS s
    SET status = 'processing', started_token = s.fencing_token,
        attempt_count = s.attempt_count + 1, last_attempt_at = :now,
        lease_expires_at = :until, updated_at = :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:tokens AS bigint[])) AS claim(id, token)
    WHERE s.id = claim.id AND s.fencing_token = claim.token AND s.started_token < claim.token
      AND s.status IN ('queued', 'processing')
    RETURNING s.id, s.organization_id, s.fencing_token, s.attempt_count, s.attempts_allowed,
              s.post_id, s.post_variant_id, s.channel_connection_id, s.channel, s.created_by,
              s.next_attempt_at
""")

GIVE_UP_OPEN_ATTEMPTS = text("""
    UPDATE publish_events
    SET status = 'unknown', finished_at = :now, error_class = 'unknown',
        error_code = 'NOT_RECORDED', responsible = 'system',
        error_message = 'Whoever made this attempt ended before recording it'
    WHERE schedule_id = ANY(:ids) AND status = 'started'
""")

UNSETTLED = text("""
    SELECT schedule_id, min(started_at) AS since FROM publish_events
    WHERE schedule_id = ANY(:ids) AND status = 'unknown'
    GROUP BY schedule_id
""")

IDS_GIVEN = text("""
    SELECT s.channel_connection_id, array_agg(e.external_post_id) AS ids
    FROM schedules AS s JOIN publish_events AS e ON e.schedule_id = s.id
    WHERE s.channel_connection_id = ANY(:connections) AND s.last_attempt_at >= :since
      AND e.status = 'success'
    GROUP BY s.channel_connection_id
""")

_CONCLUSIONS = """
    jsonb_to_recordset(CAST(:rows AS jsonb)) AS ending(
        schedule_id uuid, attempt int, fencing_token bigint, schedule_status text,
        event_status text, finished_at timestamptz, looked_at_again timestamptz,
        external_post_id text, external_url text, error_class text, error_code text,
        error_message text, responsible text, action_required text
    )
"""

# Whoever comes back late knows how their own attempt ended, so its row may still be told.
RECORD_EVENTS = text(f"""
    UPDATE publish_events AS e
    SET status = ending.event_status, finished_at = ending.finished_at,
        external_post_id = ending.external_post_id, external_url = ending.external_url,
        error_class = ending.error_class, error_code = ending.error_code,
        error_message = ending.error_message, responsible = ending.responsible,
        action_required = ending.action_required
    FROM {_CONCLUSIONS}
    WHERE e.schedule_id = ending.schedule_id AND e.attempt = ending.attempt
      AND e.status IN ('started', 'unknown')
""")  # noqa: S608 no value is in it

NOTHING_BEFORE = text("""
    UPDATE publish_events AS e
    SET status = 'failed', error_code = 'NOT_SENT',
        error_message = 'The network was asked, and it had not arrived'
    FROM unnest(CAST(:ids AS uuid[]), CAST(:attempts AS int[])) AS ending(schedule_id, attempt)
    WHERE e.schedule_id = ending.schedule_id AND e.attempt < ending.attempt
      AND e.status = 'unknown'
""")

# The schedule itself belongs to its newest claim; but a success is true whoever tells it.
RECORD_SCHEDULES = text(f"""
    UPDATE schedules AS s
    SET status = ending.schedule_status,
        next_attempt_at = CASE ending.schedule_status
            WHEN 'pending' THEN ending.looked_at_again ELSE s.next_attempt_at END,
        lease_expires_at = CASE ending.schedule_status
            WHEN 'processing' THEN ending.looked_at_again END,
        error_class = ending.error_class, error_code = ending.error_code,
        error_message = ending.error_message, action_required = ending.action_required,
        updated_at = ending.finished_at
    FROM {_CONCLUSIONS}
    WHERE s.id = ending.schedule_id
      AND (s.status = 'processing' AND s.fencing_token = ending.fencing_token
           OR s.status IN ('processing', 'unknown') AND ending.schedule_status = 'success')
""")  # noqa: S608 no value is in it
