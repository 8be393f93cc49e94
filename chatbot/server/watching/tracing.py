"""OpenTelemetry spans for each request and each stage of an answer, where an endpoint is set.

Without one nothing is recorded or sent. The provider is ours alone: neither what other packages
trace goes out through it, nor ours through theirs. A span has names and numbers, never text of a
question or a document.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import NoOpTracer, Span, SpanKind, Tracer

from chatbot.answering.assembly import watch_stages
from chatbot.version import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

EXPORT_SECONDS: Final = 2
"""After which a collector that does not answer is given up."""


class Tracing:
    """Traces, or does nothing."""

    def __init__(self, endpoint: str | None) -> None:
        """Send spans to this address; None traces nothing."""
        self._tracer: Tracer = NoOpTracer()
        self._provider = None if endpoint is None else _provider(endpoint)
        if self._provider is not None:
            self._tracer = self._provider.get_tracer("chatbot", __version__)
            # Not made current: a stage of a stream may end in another thread than it began in.
            start = self._tracer.start_span
            watch_stages(partial(start, record_exception=False, set_status_on_exception=False))

    def request(self) -> AbstractContextManager[Span]:
        """Trace a request, whose name is known at its end only; stages within are parts of it."""
        return self._tracer.start_as_current_span("request", kind=SpanKind.SERVER)

    def close(self) -> None:
        """Send what is left, unless the collector lets it wait."""
        if self._provider is None:
            return
        watch_stages(None)
        sending = threading.Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(2 * EXPORT_SECONDS)


def _provider(endpoint: str) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create({"service.name": "chatbot", "service.version": __version__})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    insecure = not endpoint.startswith("https")
    exporter = OTLPSpanExporter(endpoint=endpoint, insecure=insecure, timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
