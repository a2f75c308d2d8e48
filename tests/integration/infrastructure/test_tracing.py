"""Spans over requests, statements, messages and calls; without a collector, nothing at all."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import create_engine, text

from shared.infrastructure import traced_statements, tracing
from shared.infrastructure.database import engine
from shared.infrastructure.recording import recorded
from shared.infrastructure.tracing import carried, span, tracer_to
from tests.api import Api
from tests.architecture.tree import ROOT


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What has ended since; asked for by calling it."""
    exporter = InMemorySpanExporter()
    found = tracer_to(exporter)
    for module in (tracing, traced_statements):
        monkeypatch.setattr(module, "traced", lambda: found)

    def ended() -> dict[str, ReadableSpan]:
        found[1].force_flush()
        return {each.name: each for each in exporter.get_finished_spans()}

    yield ended
    found[1].shutdown()


def test_a_request_is_the_parent_of_what_is_done_for_it(api: Api, spans: Any) -> None:
    from shared.operations.adapters import flags

    made = create_engine(engine().url)
    traced_statements.trace_statements(made)

    def look() -> list[Any]:
        with made.begin() as database:
            database.execute(text("SELECT 'planted secret'"))
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flags, "flags", look)
        assert api.request("GET", "/ops/flags", headers={"x-request-id": "traced"}).status == 200
    made.dispose()
    found = spans()
    request = found["GET"]
    assert request.attributes is not None
    assert request.attributes["request_id"] == "traced"
    for statement in (found["SELECT"], found["COMMIT"]):
        assert statement.parent is not None
        assert statement.parent.span_id == request.context.span_id
        assert "planted" not in statement.to_json()


def test_whoever_takes_a_message_goes_on_with_the_trace(spans: Any) -> None:
    @recorded
    def handler(event: dict[str, Any], context: Any) -> None:
        pass

    with span("send", "producer"):
        headers = {name: {"bytes": list(value.encode())} for name, value in carried().items()}
    message = {"basicProperties": {"headers": headers}, "data": ""}
    handler({"rmqMessagesByQueue": {"due::/": [message]}}, None)
    found = spans()
    sent = found.pop("send")
    (taken,) = found.values()
    assert taken.context.trace_id == sent.context.trace_id
    assert taken.parent is not None
    assert taken.parent.span_id == sent.context.span_id


def test_without_a_collector_nothing_is_imported() -> None:
    asked = (
        "import sys; from shared.infrastructure.tracing import span, carried, send_spans\n"
        "with span('x', 'client'): pass\n"
        "assert carried() == {}; send_spans()\n"
        "assert not [each for each in sys.modules if each.startswith('opentelemetry')]"
    )
    subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True)
