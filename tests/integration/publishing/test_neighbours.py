"""What is near a post that is to be is asked in one statement, which reads no whole tables."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text

from shared.content.adapters.tables import post_variants
from shared.infrastructure.database import engine
from shared.kernel.ids import OrganizationId
from shared.publishing.adapters.neighbours import QUESTION, parameters
from shared.publishing.domain.crowding import Saying
from tests.accounts import root
from tests.api import Api
from tests.author import Author
from tests.simulator.client import Simulator

MOMENT = datetime(2027, 3, 1, 9, tzinfo=UTC)
_COLUMNS = [each.name for each in post_variants.c if each.computed is None]
MANY = f"""
    INSERT INTO post_variants ({", ".join(_COLUMNS)})
    SELECT {", ".join(f"(copy).{name}" for name in _COLUMNS)}
    FROM (
        SELECT jsonb_populate_record(one, jsonb_build_object(
            'id', gen_random_uuid(),
            'content', 'Text ' || n,
            'thread', CASE WHEN n % 3 = 0 THEN
                jsonb_build_array(jsonb_build_object('content', 'Part ' || n, 'delay_seconds', 0))
                ELSE '[]' END
        )) AS copy
        FROM post_variants AS one, generate_series(1, 5000) AS n
    ) AS copies
"""


@pytest.fixture
def asked(api: Api, simulator: Simulator) -> tuple[OrganizationId, UUID]:
    """An organization that has said much, and a connection of it."""
    chief = root(api)
    author = Author.of(chief)
    connection = author.connect()
    author.write()
    with engine().begin() as database:
        database.execute(text(MANY))
        database.execute(text("ANALYZE post_variants"))
    return OrganizationId(chief.organization_id), UUID(connection)


def _explained(_: object, __: object, statement: str, values: object, *___: object) -> Any:
    return f"EXPLAIN {statement}", values


def test_the_indexes_answer(asked: tuple[OrganizationId, UUID]) -> None:
    organization_id, connection_id = asked
    sayings = [Saying(text=words, at=MOMENT) for words in ("Tea", "Cake")]
    with engine().begin() as database:
        database.execute(text("SET LOCAL enable_seqscan = off"))  # there are few schedules
        event.listen(database, "before_cursor_execute", _explained, retval=True)
        asked_for = parameters(organization_id, connection_id, sayings, connection_id)
        asking = database.execute(QUESTION, asked_for)
        assert asking.cursor is not None
        plan = "\n".join(row[0] for row in asking.cursor.fetchall())
    assert "Seq Scan" not in plan, plan
    for index in (
        "ix_post_variants_organization_id_content",
        "ix_post_variants_thread",
        "ix_schedules_channel_connection_id_run_at",
    ):
        assert index in plan, plan
