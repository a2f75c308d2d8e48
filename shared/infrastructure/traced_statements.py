"""A span for each wait for PostgreSQL, which tells the statement's first word and no values.

What nobody waits for travels with the statement after it, or with the COMMIT.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import PoolProxiedConnection

from shared.infrastructure.tracing import traced


def trace_statements(engine: Engine) -> None:
    """Nothing happens where nobody collects traces."""
    found = traced()
    if found is None:
        return
    from opentelemetry.trace import SpanKind

    tracer, commit = found[0], engine.dialect.do_commit
    described: Any = {"kind": SpanKind.CLIENT, "attributes": {"db.system.name": "postgresql"}}

    def begin(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        word = statement.split(None, 1)[0].upper()
        connection.info["span"] = tracer.start_span(word, **described)

    def end(connection: Connection, *_more: Any) -> None:
        if (running := connection.info.pop("span", None)) is not None:
            running.end()

    def end_transaction(connection: PoolProxiedConnection) -> None:
        with tracer.start_as_current_span("COMMIT", **described):
            commit(connection)

    engine.dialect.do_commit = end_transaction  # type: ignore[method-assign, assignment]
    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
