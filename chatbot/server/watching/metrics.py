"""Numbers for Prometheus, in a registry of their own.

A label never holds what a user wrote: routes are named by their template, not by their path.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.process_collector import ProcessCollector

from chatbot.types import Answer
from chatbot.version import __version__

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """What is counted; each metric is an attribute."""

    def __init__(self) -> None:
        """Make the registry with nothing counted yet."""
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
        build = Gauge(
            "chatbot_build_info", "The version that runs.", ["version"], registry=registry
        )
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

    def text(self) -> bytes:
        """Return all of it in Prometheus' text format."""
        return generate_latest(self.registry)
