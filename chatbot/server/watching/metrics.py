"""Numbers for Prometheus, in a registry of their own.

A label never holds what a user wrote: routes are named by their template, not by their path.
"""

from __future__ import annotations

from collections.abc import Callable
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
        self.requests = Counter(
            "chatbot_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=registry,
        )
        self.request_seconds = Histogram(
            "chatbot_request_seconds",
            "From a request to the end of its response.",
            ["route"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.answers = Counter(
            "chatbot_answers",
            "Answers given, by mode and by whether they refuse.",
            ["mode", "refused"],
            registry=registry,
        )
        self.claims = Counter(
            "chatbot_claims", "Claims of answers, by verdict.", ["verdict"], registry=registry
        )
        self.stage_seconds = Histogram(
            "chatbot_stage_seconds",
            "Time that each stage of an answer took.",
            ["stage"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.tokens = Counter(
            "chatbot_model_tokens",
            "Tokens sent to and got from the model.",
            ["direction"],
            registry=registry,
        )
        self.refused = Counter(
            "chatbot_requests_refused",
            "Requests that met a limit: requests a minute, tokens a day, or the queue.",
            ["limit"],
            registry=registry,
        )
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
