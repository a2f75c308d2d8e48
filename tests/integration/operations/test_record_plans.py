"""Every list of records answers by an index, however much there is."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, Table, text

from shared.infrastructure.database import engine
from shared.kernel.actor import Actor
from shared.kernel.cursor import Cursor
from shared.kernel.ids import OrganizationId, new_id
from shared.operations.adapters.record_lists import RecordFilter, list_of
from shared.operations.adapters.record_tables import (
    audit_logs,
    business_events,
    request_logs,
    system_logs,
)

ROWS = 50_000
OURS = OrganizationId(UUID(int=1))

# Ids of all of the running month, made by the database.
_IDS = """
    SELECT n, (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - n), 12, '0')
               || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid AS id,
           CASE WHEN n % 10 = 0 THEN :ours ELSE CAST(md5((n % 50)::text) AS uuid) END AS of
    FROM generate_series(1, :rows) AS n
""".replace("::", "\\:\\:")
_FILL = {
    request_logs: """
        INSERT INTO request_logs
        SELECT id, 'month', 'r' || n, now(), of, 'user', id, id, 'GET', '/api/v1/' || n % 40, 200,
               1, 0, 0, NULL, NULL, NULL, 'f', '{}' FROM made""",
    system_logs: """
        INSERT INTO system_logs
        SELECT id, 'quarter', 'r' || n, now(), of, 'user', id, 'WARNING', 'l', 'e', 'f', '{}', NULL
        FROM made""",
    business_events: """
        INSERT INTO business_events
        SELECT id, 'two_years', of, 'POST_CREATED', id, id, id, 'r' || n, now(), '{}' FROM made""",
    audit_logs: """
        INSERT INTO audit_logs
        SELECT id, of, id, 'POST_CREATED', 'post', id, NULL, NULL, '{}', now(), now(), 'r' || n
        FROM made""",
}
TABLES = list(_FILL)


@pytest.fixture(scope="module", autouse=True)
def _full(shared_database: None) -> None:
    with engine().begin() as database:
        database.execute(text("SET LOCAL session_replication_role = replica"))
        for fill in _FILL.values():
            named = {"ours": OURS, "rows": ROWS}
            database.execute(text(f"WITH made AS ({_IDS}) {fill}"), named)
    with engine().begin() as database:
        for table in TABLES:
            database.execute(text(f"ANALYZE {table.name}"))


def actor(*, is_root: bool) -> Actor:
    return Actor(
        user_id=uuid4(),
        organization_id=OURS,
        permissions=frozenset(),
        is_root=is_root,
        timezone="UTC",
    )


def plan_of(query: Select[Any]) -> str:
    written = query.compile(engine(), compile_kwargs={"literal_binds": True})
    with engine().connect() as database:
        rows = database.execute(text("EXPLAIN (ANALYZE) " + str(written).replace(":", "\\:")))
        return "\n".join(rows.scalars())


def filters(table: Table) -> list[RecordFilter]:
    equal: list[dict[str, Any]] = [{}, {"request_id": "r4711"}]
    if table is request_logs:
        equal.append({"path": "/api/v1/7"})
    if table is business_events:
        equal += [{"subject_id": uuid4()}, {"post_id": uuid4()}]
    if table is audit_logs:
        equal.append({"resource_id": uuid4()})
    return [RecordFilter(equal=each) for each in equal]


@pytest.mark.parametrize("who", ["root", "member"])
@pytest.mark.parametrize("table", TABLES, ids=str)
def test_a_list_of_many_answers_by_an_index(table: Table, who: str) -> None:
    after = Cursor(order="newest", key=None, id=new_id()).written()
    for wanted in filters(table):
        for cursor in ("", after):
            query = list_of(table, actor(is_root=who == "root"), wanted, limit=50, cursor=cursor)
            plan = plan_of(query)
            scanned = [int(each) for each in re.findall(r"Seq Scan on (?:.*?)rows=(\d+)", plan)]
            assert not [each for each in scanned if each > 1], f"{wanted.equal}\n{plan}"
            assert "Index" in plan
            read = max(map(int, re.findall(r"actual time=\S+ rows=(\d+)", plan)))
            assert read <= ROWS // 10, f"{wanted.equal}\n{plan}"
