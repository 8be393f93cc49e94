"""OpenTelemetry spans for each request and each stage of an answer, where an endpoint is set.

Without one nothing is recorded or sent. The provider is ours alone: neither what other packages
trace goes out through it, nor ours through theirs. A span has names and numbers, never text of a
question or a document.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import NoOpTracer, Span, SpanKind, Tracer

from chatbot.answering.assembly import watch_stages
from chatbot.settings import Settings
from chatbot.version import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

EXPORT_SECONDS: Final = 2
"""After which a collector that does not answer is given up."""


class Tracing:
    """Traces, or does nothing."""

    def __init__(self, provider: TracerProvider | None = None) -> None:
        """Take the provider; None traces nothing."""
        self._provider = provider
        self._tracer: Tracer = NoOpTracer()
        if provider is not None:
            self._tracer = provider.get_tracer("chatbot", __version__)
            watch_stages(self._stage)

    @classmethod
    def of(cls, settings: Settings) -> Tracing:
        """Return tracing as the settings want it."""
        if settings.otlp_endpoint is None:
            return cls()
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        resource = Resource.create({"service.name": "chatbot", "service.version": __version__})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(
            endpoint=settings.otlp_endpoint,
            insecure=not settings.otlp_endpoint.startswith("https"),
            timeout=EXPORT_SECONDS,
        )
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return cls(provider)

    def request(self) -> AbstractContextManager[Span]:
        """Trace a request, whose name is known at its end only; stages within are parts of it."""
        return self._tracer.start_as_current_span("request", kind=SpanKind.SERVER)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        # Not made current: a stage of a stream may end in another thread than it began in.
        span = self._tracer.start_span(name)
        try:
            yield
        finally:
            span.end()

    def close(self) -> None:
        """Send what is left, unless the collector lets it wait."""
        if self._provider is None:
            return
        watch_stages(None)
        sending = threading.Thread(target=self._provider.shutdown, daemon=True)
        sending.start()
        sending.join(2 * EXPORT_SECONDS)
