"""What is told of the server's work: numbers, a log line for each request, traces.

Nothing of this holds a question, an answer or a document above the level DEBUG, and no secret at
any: what looks like a token or is the model's key is replaced, in messages and tracebacks too. A
label or a span never holds what a user wrote: routes are named by their template.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from opentelemetry.trace import NoOpTracer, Span, SpanKind, Tracer
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.process_collector import ProcessCollector
from pydantic import SecretStr
from starlette.types import Scope

from chatbot.answering.assembly import watch_stages
from chatbot.settings import Settings
from chatbot.types import Answer
from chatbot.version import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

logger = logging.getLogger("chatbot.requests")

_NOTES: Final = "chatbot.notes"
"""Key of the scope: what a route wants to stand in its line."""
_TOKEN: Final = re.compile(r"\b(?:c[bs]_|sk-)[A-Za-z0-9_-]{8,}|(?i:\bbearer\s+)[^\s\"',]+")
_HIDDEN: Final = "[hidden]"


def note(scope: Scope, **fields: object) -> None:
    """Let these fields stand in the request's line."""
    scope.setdefault(_NOTES, {}).update(fields)


def tell(scope: Scope, *, failed: bool, **fields: object) -> None:
    """Write the line of a request that is over."""
    told = fields | scope.get(_NOTES, {})
    known = {name: value for name, value in told.items() if value is not None}
    if not logger.isEnabledFor(logging.DEBUG):
        known.pop("question", None)  # what a person wrote
    logger.log(logging.WARNING if failed else logging.INFO, "request", extra={"told": known})


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON without secrets."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        text = json.dumps(line, ensure_ascii=False, default=str)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _TOKEN.sub(_HIDDEN, text)


def configure_logs(settings: Settings) -> None:
    """Write logs as lines of JSON from now on: from INFO, on a terminal from WARNING.

    ``CHATBOT_LOG_LEVEL`` says otherwise.
    """
    handler = logging.StreamHandler()
    secrets = [value.get_secret_value() for _, value in settings if isinstance(value, SecretStr)]
    handler.setFormatter(JsonLines(secrets))
    logging.basicConfig(handlers=[handler], force=True)
    level = settings.log_level or ("WARNING" if sys.stderr.isatty() else "INFO")
    # Ours alone: at DEBUG other packages write what they send.
    logging.getLogger("chatbot").setLevel(level)


_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What is counted; each metric is an attribute."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        counter = partial(Counter, registry=registry)
        histogram = partial(Histogram, buckets=_SECONDS, registry=registry)
        requests = ["method", "route", "status"]
        self.requests = counter("chatbot_requests", "Requests answered.", requests)
        said = "From a request to the end of its response."
        self.request_seconds = histogram("chatbot_request_seconds", said, ["route"])
        said = "Answers given, by mode and by whether they refuse."
        self.answers = counter("chatbot_answers", said, ["mode", "refused"])
        self.claims = counter("chatbot_claims", "Claims of answers, by verdict.", ["verdict"])
        said = "Time that each stage of an answer took."
        self.stage_seconds = histogram("chatbot_stage_seconds", said, ["stage"])
        said = "Tokens sent to and got from the model."
        self.tokens = counter("chatbot_model_tokens", said, ["direction"])
        said = "Requests that met a limit: requests a minute, tokens a day, or the queue."
        self.refused = counter("chatbot_requests_refused", said, ["limit"])
        said = "The version that runs."
        build = Gauge("chatbot_build_info", said, ["version"], registry=registry)
        build.labels(__version__).set(1)

    def watch(self, name: str, text: str, value: Callable[[], float]) -> None:
        """Add a number that is asked for when it is read."""
        Gauge(name, text, registry=self.registry).set_function(value)

    def count(self, answer: Answer) -> None:
        """Count an answer."""
        self.answers.labels(answer.mode, str(answer.refused).lower()).inc()
        for claim in answer.claims:
            self.claims.labels(claim.verdict.value).inc()
        for stage, seconds in answer.usage.seconds.items():
            self.stage_seconds.labels(stage).observe(seconds)
        self.tokens.labels("in").inc(answer.usage.tokens_in or 0)
        self.tokens.labels("out").inc(answer.usage.tokens_out or 0)


EXPORT_SECONDS: Final = 2
"""After which a collector that does not answer is given up."""


class Tracing:
    """Traces, or does nothing."""

    def __init__(self, endpoint: str | None) -> None:
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
