"""A database that was restored: what was sent since the dump was made is not sent again."""

import re
from uuid import UUID

from sqlalchemy import text

from shared.infrastructure.database import engine
from tests.author import Author
from tests.line import Line, make_due
from tests.running import ROOT
from tests.simulator.client import Simulator

PAGE = ROOT / "docs/one-machine.md"


def test_the_statement_that_is_shown_keeps_it_from_being_sent_again(
    author: Author, line: Line, simulator: Simulator
) -> None:
    claimed, started, due, to_come = (author.scheduled(f"Number {n}") for n in range(4))
    make_due(claimed)
    line.scan()
    line.taken()
    make_due(started)
    line.scan()
    line.start_and_die()
    assert author.status(started) == "processing"
    make_due(due)
    past = (claimed, started, due)
    (statement,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL)
    with engine().begin() as connection:
        connection.execute(
            text("UPDATE schedules SET run_at = now() - interval '1 hour' WHERE id = ANY(:ids)"),
            {"ids": [UUID(each) for each in past]},
        )
        connection.exec_driver_sql(statement)
    for schedule in past:
        make_due(schedule)
    line.run()
    assert simulator.receipts() == []
    assert [author.status(each) for each in past] == ["cancelled"] * 3
    assert author.status(to_come) == "pending"
    shown = author.api.get("/posts").json["data"]
    assert sorted(post["status"] for post in shown) == ["cancelled"] * 3 + ["scheduled"]
