"""Traces to a collector of OpenTelemetry, over OTLP by HTTP.

They are sent in the background, some at a time; a collector that is away costs nothing but its traces.
"""

from __future__ import annotations

from importlib.metadata import version

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Status, StatusCode, set_span_in_context

from service.desk.traces import Trace


class OtlpCollector:
    """Sends to `address`, as `http://collector:4318/v1/traces`. `exporter`: to something else instead."""

    def __init__(self, address: str, *, exporter: SpanExporter | None = None) -> None:
        about = {"service.name": "aether", "service.version": version("aether-assistant")}
        self._provider = TracerProvider(resource=Resource.create(about))
        sender = exporter or OTLPSpanExporter(endpoint=address, timeout=5)
        self._provider.add_span_processor(BatchSpanProcessor(sender))
        self._tracer = self._provider.get_tracer("aether")

    def tell(self, trace: Trace) -> None:
        """One more: a span for the work, and one below it for each stage."""
        whole = self._tracer.start_span(trace.name, start_time=trace.began)
        whole.set_attributes({"aether.request": trace.request, "aether.status": trace.status})
        if trace.failed:
            whole.set_status(Status(StatusCode.ERROR, trace.failed))
        inside = set_span_in_context(whole)
        for stage in trace.stages:
            self._tracer.start_span(stage.name, inside, start_time=stage.began).end(stage.ended)
        whole.end(trace.ended)

    def close(self) -> None:
        """Send what is left, for a few seconds at most."""
        self._provider.force_flush(5_000)
        self._provider.shutdown()
