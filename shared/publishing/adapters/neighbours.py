"""What is near a post that is to be: one query, by index."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared.content.api.variants import SAYING, saying
from shared.infrastructure.database import past_policies
from shared.infrastructure.pipelining import Asked, ask
from shared.kernel.ids import OrganizationId
from shared.publishing.domain.crowding import CLOSE_WITHIN, DUPLICATE_WITHIN, Neighbours, Saying
from shared.publishing.domain.schedule import ACTIVE, Status


def _one_of(statuses: Iterable[Status]) -> str:
    """In the words of the question: lists that never change need not travel with each."""
    return ", ".join(f"'{status}'" for status in sorted(statuses))


_ACTIVE = _one_of(ACTIVE)
_PLANNED_OR_OUT = _one_of({*ACTIVE, Status.SUCCESS, Status.UNKNOWN})

QUESTION = text(f"""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:moments AS timestamptz[]), CAST(:texts AS text[]))
        AS wanted(at, text)
    ), said AS ({SAYING})
    SELECT EXISTS (
        SELECT FROM schedules
        WHERE post_variant_id = :identical_to AND channel_connection_id = :connection
          AND run_at = :root_at AND part = 0 AND status IN ({_ACTIVE}) AND deleted_at IS NULL
    ) AS has_identical, EXISTS (
        SELECT FROM schedules AS s
        JOIN said ON said.variant_id = s.post_variant_id AND said.part = s.part
        JOIN wanted ON wanted.text = said.text
        WHERE s.channel_connection_id = :connection AND s.status IN ({_PLANNED_OR_OUT})
          AND s.run_at BETWEEN :first - :duplicate_within AND :last + :duplicate_within
          AND s.run_at BETWEEN wanted.at - :duplicate_within AND wanted.at + :duplicate_within
    ) AS has_duplicate, EXISTS (
        SELECT FROM schedules AS s
        JOIN wanted ON s.run_at > wanted.at - :close_within AND s.run_at < wanted.at + :close_within
        WHERE s.channel_connection_id = :connection AND s.status IN ({_PLANNED_OR_OUT})
          AND s.run_at BETWEEN :first - :close_within AND :last + :close_within
    ) AS has_close
""")  # noqa: S608 of our own words


def neighbours(
    session: Session,
    *,
    organization_id: OrganizationId,
    connection_id: UUID,
    sayings: Sequence[Saying],
    identical_to: UUID | None = None,
) -> Callable[[], Neighbours]:
    """`sayings` begin with the root; `identical_to` is its variant, where it is one by now."""
    wanted = parameters(organization_id, connection_id, sayings, identical_to)
    with past_policies(session):
        asked = ask(session, QUESTION, wanted)
    return partial(_answered, asked)


def _answered(asked: Asked) -> Neighbours:
    (found,) = asked.rows()
    return Neighbours(**found._asdict())


def parameters(
    organization_id: OrganizationId,
    connection_id: UUID,
    sayings: Sequence[Saying],
    identical_to: UUID | None,
) -> Mapping[str, Any]:
    texts, moments = [each.text for each in sayings], [each.at for each in sayings]
    return {
        **saying(organization_id, texts),
        "texts": texts,
        "moments": moments,
        "first": min(moments),
        "last": max(moments),
        "root_at": moments[0],
        "connection": connection_id,
        "identical_to": identical_to,
        "duplicate_within": DUPLICATE_WITHIN,
        "close_within": CLOSE_WITHIN,
    }
