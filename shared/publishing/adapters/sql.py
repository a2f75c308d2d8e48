"""The statements that move schedules, a set at a time, written as what they are."""

from sqlalchemy import text

IS_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('publishing.claim'))")

# What was ripe and is out leaves entries behind in the index until it is vacuumed. A plain scan
# that comes by marks them as dead, and the next one passes them over; a bitmap visits all rows.
WITHOUT_BITMAPS = text("SET LOCAL enable_bitmapscan = off")

FORGET_LAPSED = text("DELETE FROM queued_claims WHERE lease_expires_at <= :now")

# Organizations take turns, and none has more than its share in the queues: what waits there takes
# the first turns. The planner knows nothing of what is due just now, so nothing is joined before it
# is counted, and what is chosen is looked up where it lies, whatever it thinks of `ripe_at`; what
# has moved meanwhile is claimed the next time.
# Only the instant at which it is to leave is come ahead of: what is looked at again by then waits.
# What is in processing stays there: whether it was sent must be found out. What was let go
# or attempted before, or planned for later than its author wished, has its turn.
CLAIM_DUE = text("""
    WITH waiting AS MATERIALIZED (
        SELECT organization_id, count(*) AS claims FROM queued_claims GROUP BY organization_id
    ), due AS (
        SELECT ctid AS place, organization_id, ripe_at FROM schedules
        WHERE ripe_at <= :due_by AND ripe_at <= greatest(next_attempt_at, :now)
          AND (lease_expires_at IS NULL OR lease_expires_at <= :now)
          AND organization_id <> ALL (ARRAY(
              SELECT organization_id FROM waiting WHERE claims >= :share
          ))
        ORDER BY ripe_at
        LIMIT :considered
    ), ranked AS (
        SELECT place, ripe_at,
               coalesce(claims, 0)
               + row_number() OVER (PARTITION BY organization_id ORDER BY ripe_at) AS turn
        FROM due LEFT JOIN waiting USING (organization_id)
    ), chosen AS MATERIALIZED (
        SELECT place FROM ranked
        WHERE turn <= :share
        ORDER BY turn, ripe_at
        LIMIT :limit
    ), held AS (
        SELECT s.ctid AS place, s.waiting_reason,
               s.status <> 'pending' OR s.attempt_count > 0 OR s.next_attempt_at > s.run_at
               AS has_turn
        FROM chosen JOIN schedules AS s ON s.ctid = chosen.place
        WHERE s.ripe_at - :due_by <= interval '0'
          AND (s.lease_expires_at IS NULL OR s.lease_expires_at <= :now)
        FOR UPDATE OF s SKIP LOCKED
    ), claimed AS (
        UPDATE schedules AS s
        SET status = CASE s.status WHEN 'processing' THEN 'processing' ELSE 'queued' END,
            fencing_token = s.fencing_token + 1,
            lease_expires_at = :until, held_until = NULL, waiting_reason = NULL,
            updated_at = :now
        FROM held
        WHERE s.ctid = held.place
        RETURNING s.id, s.organization_id, s.fencing_token, s.status, s.next_attempt_at, s.post_id,
                  s.post_variant_id, s.channel_connection_id, s.created_by, s.part, s.request_id,
                  held.waiting_reason AS waited_for, held.has_turn
    ), kept AS (
        INSERT INTO queued_claims
        SELECT id, organization_id, channel_connection_id, :until FROM claimed
        WHERE status = 'queued'
        ON CONFLICT (schedule_id) DO UPDATE SET lease_expires_at = excluded.lease_expires_at
    )
    SELECT * FROM claimed
""")

# What is ripe and has a lease is looked at when that lapses; of those in flight few are told apart.
NEXT_LOOK_AT = text("""
    SELECT
        (SELECT ripe_at FROM schedules WHERE ripe_at IS NOT NULL AND lease_expires_at IS NULL
         ORDER BY ripe_at LIMIT 1) AS due_at,
        (SELECT min(lease_expires_at) FROM (
            SELECT lease_expires_at FROM schedules WHERE ripe_at <= :due_by
            ORDER BY ripe_at LIMIT :considered
        ) AS leased) AS lapses_at
""")

RELEASE = text("""
    WITH held AS (
        SELECT s.id, claim.token
        FROM unnest(CAST(:ids AS uuid[]), CAST(:tokens AS bigint[])) AS claim(id, token)
        JOIN schedules AS s ON s.id = claim.id
        ORDER BY s.id FOR UPDATE OF s
    ), released AS (
        UPDATE schedules AS s
        SET lease_expires_at = :now
        FROM held
        WHERE s.id = held.id AND s.fencing_token = held.token AND s.started_token < held.token
          AND s.status IN ('queued', 'processing')
        RETURNING s.id
    )
    DELETE FROM queued_claims USING released WHERE schedule_id = released.id
""")

SKIP = text("""
    WITH gone AS (DELETE FROM queued_claims WHERE schedule_id = ANY(CAST(:ids AS uuid[])))
    UPDATE schedules AS s
    SET status = 'skipped', error_class = NULL, error_code = skipped.code,
        error_message = skipped.words, action_required = NULL, lease_expires_at = NULL,
        held_until = NULL, waiting_reason = NULL, updated_at = :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:codes AS text[]), CAST(:words AS text[]))
         AS skipped(id, code, words)
    WHERE s.id = skipped.id AND s.status IN ('pending', 'queued')
    RETURNING s.id, s.organization_id, s.post_id, s.error_code, s.request_id
""")

# Nothing of a thread is sent that would hang in the air.
SKIP_WHAT_FOLLOWS = text("""
    UPDATE schedules AS later
    SET status = 'skipped', error_code = :code, error_message = :words,
        held_until = NULL, waiting_reason = NULL, updated_at = :now
    FROM schedules AS s
    WHERE s.id = ANY(:ids) AND later.root_schedule_id = coalesce(s.root_schedule_id, s.id)
      AND later.part > s.part AND later.waiting_reason = 'PREVIOUS_PART'
    RETURNING later.id, later.organization_id, later.post_id, later.error_code, later.request_id
""")

# One that waits for its budget is planned anew, and late only by that plan; one that waits for
# anything else is looked at again and is as late as it is.
HOLD = text("""
    WITH gone AS (DELETE FROM queued_claims WHERE schedule_id = ANY(CAST(:ids AS uuid[])))
    UPDATE schedules AS s
    SET status = 'pending', lease_expires_at = NULL, waiting_reason = hold.reason,
        held_until = hold.until, next_attempt_at = coalesce(hold.planned, s.next_attempt_at),
        updated_at = :now
    FROM unnest(CAST(:ids AS uuid[]), CAST(:reasons AS text[]), CAST(:untils AS timestamptz[]),
                CAST(:planned AS timestamptz[])) AS hold(id, reason, until, planned)
    WHERE s.id = hold.id AND s.status = 'queued'
""")

# A repeated message finds its token started, a late one finds a newer token, and what was
# cancelled is neither queued nor in processing: none of them starts anything.
# What was claimed ahead starts at its instant, though its row is there before; by a clock that is
# behind, no later than it will be sent, or it would be looked for among what came after it.
# An attempt left open by whoever made it is given up; the earliest of unknown outcome counts.
# Each row has what the attempt before has left at the network, until its own ending is told.
START = text("""
    WITH held AS (
        SELECT s.id, claim.token
        FROM unnest(CAST(:ids AS uuid[]), CAST(:tokens AS bigint[])) AS claim(id, token)
        JOIN schedules AS s ON s.id = claim.id
        ORDER BY s.id FOR UPDATE OF s
    ), started AS (
        UPDATE schedules AS s
        SET status = 'processing', started_token = s.fencing_token,
            attempt_count = s.attempt_count + 1,
            last_attempt_at = least(greatest(:now, s.next_attempt_at), :sent_by),
            lease_expires_at = :until, updated_at = :now
        FROM held
        WHERE s.id = held.id AND s.fencing_token = held.token AND s.started_token < held.token
          AND s.status IN ('queued', 'processing')
        RETURNING s.*
    ), taken AS (
        DELETE FROM queued_claims USING started WHERE schedule_id = started.id
    ), given_up AS (
        UPDATE publish_events AS e
        SET status = 'unknown', finished_at = :now, error_class = 'unknown',
            error_code = 'NOT_RECORDED', responsible = 'system',
            error_message = 'Whoever made this attempt ended before recording it'
        FROM started
        WHERE e.schedule_id = started.id AND e.status = 'started'
    ), earlier AS (
        SELECT started.id, past.unsettled_since, past.progress
        FROM started CROSS JOIN LATERAL (
            SELECT min(e.started_at) FILTER (WHERE e.status IN ('started', 'unknown'))
                   AS unsettled_since,
                   (array_agg(e.progress) FILTER (WHERE e.attempt = started.attempt_count - 1))[1]
                   AS progress
            FROM publish_events AS e WHERE e.schedule_id = started.id
        ) AS past
        WHERE started.attempt_count > 1
    ), opened AS (
        INSERT INTO publish_events (id, organization_id, schedule_id, channel_connection_id,
                                    attempt, fencing_token, status, started_at, progress,
                                    request_id)
        SELECT event.id, started.organization_id, started.id, started.channel_connection_id,
               started.attempt_count, started.fencing_token, 'started',
               started.last_attempt_at, earlier.progress, started.request_id
        FROM started LEFT JOIN earlier ON earlier.id = started.id
        JOIN unnest(CAST(:ids AS uuid[]), CAST(:event_ids AS uuid[])) AS event(schedule_id, id)
          ON event.schedule_id = started.id
    )
    SELECT started.id, started.organization_id, started.fencing_token, started.attempt_count,
           started.attempts_allowed, started.post_id, started.post_variant_id,
           started.channel_connection_id, started.channel, started.created_by,
           started.next_attempt_at, started.last_attempt_at, started.part,
           started.root_schedule_id, started.request_id,
           earlier.unsettled_since, earlier.progress
    FROM started LEFT JOIN earlier ON earlier.id = started.id
""")

IDS_GIVEN = text("""
    SELECT s.channel_connection_id, array_agg(e.external_post_id) AS ids
    FROM schedules AS s JOIN publish_events AS e ON e.schedule_id = s.id
    WHERE s.channel_connection_id = ANY(:connections) AND s.last_attempt_at >= :since
      AND e.status = 'success' AND e.external_post_id IS NOT NULL
    GROUP BY s.channel_connection_id
""")

# The network's ids of the parts of threads that are out: of the root and of the part before; of
# what a person found, its link.
PREVIOUS_PARTS = text("""
    SELECT s.id, coalesce(root.external_post_id, root.external_url) AS root_id,
           coalesce(previous.external_post_id, previous.external_url) AS parent_id
    FROM schedules AS s
    JOIN publish_events AS root
      ON root.schedule_id = s.root_schedule_id AND root.status = 'success'
    JOIN schedules AS before
      ON before.id = s.root_schedule_id AND s.part = 1
      OR before.root_schedule_id = s.root_schedule_id AND before.part = s.part - 1
    JOIN publish_events AS previous
      ON previous.schedule_id = before.id AND previous.status = 'success'
    WHERE s.id = ANY(:ids)
""")

# Whoever comes back late knows how their own attempt ended, so its row may still be told.
# The schedule itself belongs to its newest claim; but a success is true whoever tells it.
# Answers the schedules whose state it has changed, and when the next parts of their threads leave.
# Once they are held, `ending` is all there is to join: the planner thinks of one row or two where
# there are hundreds, and would compare each of these with each.
RECORD = text("""
    WITH told AS (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS told(
            schedule_id uuid, attempt int, fencing_token bigint, schedule_status text,
            event_status text, finished_at timestamptz, looked_at_again timestamptz,
            external_post_id text, external_url text, error_class text, error_code text,
            error_message text, responsible text, action_required text,
            response_time_ms int, retry_allowed boolean, nothing_before boolean,
            waiting_reason text, is_spent boolean, progress jsonb
        )
    ), next_part AS (
        SELECT later.id, ended.id AS follows FROM told
        JOIN schedules AS ended
          ON ended.id = told.schedule_id AND told.schedule_status = 'success'
        JOIN schedules AS later
          ON later.root_schedule_id = coalesce(ended.root_schedule_id, ended.id)
         AND later.part = ended.part + 1
    ), held AS (
        SELECT id FROM schedules
        WHERE id IN (SELECT schedule_id FROM told UNION ALL SELECT id FROM next_part)
        ORDER BY id FOR UPDATE
    ), ending AS MATERIALIZED (
        SELECT told.* FROM held JOIN told ON told.schedule_id = held.id
    ), written AS (
        UPDATE publish_events AS e
        SET status = ending.event_status, finished_at = ending.finished_at,
            external_post_id = ending.external_post_id, external_url = ending.external_url,
            error_class = ending.error_class, error_code = ending.error_code,
            error_message = ending.error_message, responsible = ending.responsible,
            action_required = ending.action_required,
            response_time_ms = ending.response_time_ms, retry_allowed = ending.retry_allowed,
            progress = ending.progress, resolved_by = NULL
        FROM ending
        WHERE e.schedule_id = ending.schedule_id AND e.attempt = ending.attempt
          AND (e.status = 'started'
               OR e.status = 'unknown' AND ending.event_status <> 'pending'
               OR e.status <> 'success' AND ending.event_status = 'success')
    ), asked AS (
        UPDATE publish_events AS e
        SET status = 'failed', error_code = 'NOT_SENT', retry_allowed = true,
            error_message = 'The network was asked, and it had not arrived'
        FROM ending
        WHERE e.schedule_id = ending.schedule_id AND e.attempt < ending.attempt
          AND ending.nothing_before AND e.status = 'unknown'
    ), settled AS (
        UPDATE schedules AS s
        SET status = ending.schedule_status,
            next_attempt_at = CASE
                WHEN ending.waiting_reason IN ('CREDENTIALS_EXPIRED', 'MEDIA_PROCESSING')
                THEN s.next_attempt_at
                WHEN ending.schedule_status = 'pending' THEN ending.looked_at_again
                ELSE s.next_attempt_at END,
            lease_expires_at = CASE ending.schedule_status
                WHEN 'processing' THEN ending.looked_at_again END,
            error_class = ending.error_class, error_code = ending.error_code,
            error_message = ending.error_message, action_required = ending.action_required,
            attempts_allowed = s.attempts_allowed + CASE WHEN ending.is_spent THEN 0 ELSE 1 END,
            waiting_reason = ending.waiting_reason,
            held_until = CASE WHEN ending.waiting_reason IS NOT NULL
                THEN ending.looked_at_again END,
            updated_at = ending.finished_at
        FROM ending
        WHERE s.id = ending.schedule_id
          AND (s.status = 'processing' AND s.fencing_token = ending.fencing_token
               OR s.status IN ('pending', 'queued', 'processing', 'unknown', 'failed', 'skipped')
                  AND ending.schedule_status = 'success')
        RETURNING s.id, s.status, ending.finished_at
    ), following AS (
        UPDATE schedules AS later
        SET waiting_reason = NULL, updated_at = settled.finished_at,
            next_attempt_at = settled.finished_at + later.delay_seconds * interval '1 second'
        FROM held JOIN next_part USING (id) JOIN settled ON settled.id = next_part.follows
        WHERE later.id = held.id AND settled.status = 'success'
          AND later.waiting_reason = 'PREVIOUS_PART'
        RETURNING next_part.follows, later.next_attempt_at
    )
    SELECT settled.id, following.next_attempt_at AS next_part_at
    FROM settled LEFT JOIN following ON following.follows = settled.id
""")
