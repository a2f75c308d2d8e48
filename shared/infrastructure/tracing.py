"""Spans, sent to an OpenTelemetry collector where one is named; without one nothing is imported."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from shared.infrastructure.settings import Settings

Kind = Literal["server", "client", "producer", "consumer", "internal"]

_OFF: AbstractContextManager[None] = nullcontext()


@dataclass(frozen=True, kw_only=True)
class TracingSettings(Settings):
    """`endpoint` takes OTLP over HTTP, ``http://collector:4318``; empty for no traces at all."""

    endpoint: str = ""


@cache
def traced() -> Any:
    """OpenTelemetry's tracer and what it belongs to, or nothing."""
    endpoint = TracingSettings.read().endpoint
    if not endpoint:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return tracer_to(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces"))


def tracer_to(exporter: Any) -> Any:
    """A tracer that hands what has ended to `exporter`."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(
        resource=Resource.create({"service.name": "luxaris"}), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("luxaris")
    return tracer, provider


def span(name: str, kind: Kind = "internal", **attributes: Any) -> AbstractContextManager[Any]:
    """Time what is done in the block, as a part of what it is done in."""
    found = traced()
    return _OFF if found is None else _span(found[0], name, kind, attributes, None)


def span_from(
    carrier: Mapping[str, str], name: str, kind: Kind, **attributes: Any
) -> AbstractContextManager[Any]:
    """The same as a part of what `carrier` tells of, if it does."""
    found = traced()
    if found is None:
        return _OFF
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    parent = TraceContextTextMapPropagator().extract(dict(carrier))
    return _span(found[0], name, kind, attributes, parent)


def carried() -> dict[str, str]:
    """What tells whoever is called of the running span; empty without one."""
    if traced() is None:
        return {}
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier


def send_spans() -> None:
    """Hand over what has ended, before the container freezes."""
    found = traced()
    if found is not None:
        found[1].force_flush(2_000)


@contextmanager
def _span(
    tracer: Any, name: str, kind: Kind, attributes: Mapping[str, Any], parent: Any
) -> Iterator[Any]:
    from opentelemetry.trace import SpanKind

    with tracer.start_as_current_span(
        name,
        context=parent,
        kind=SpanKind[kind.upper()],
        attributes={key: value for key, value in attributes.items() if value not in {None, ""}},
    ) as running:
        yield running
