"""What is told of the server's work: log lines, numbers, spans; and what never is."""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from api_server import QUESTION, TRUCKS, api, ask, bearer
from fake_llm import FakeLLM
from fake_replies import status
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as messages
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as services
from prometheus_client.parser import text_string_to_metric_families

from chatbot import Chatbot
from chatbot.server.watching import JsonLines, Tracing

PLANTED = "sk-planted-0123456789abcdef"
SECRET_WORDS = "The launch code of Bodø is 4711."


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server writes, as it writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines([PLANTED]))
    root, ours = logging.getLogger(), logging.getLogger("chatbot")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    ours.setLevel(before)


def lines(log: io.StringIO, *, count: int = 1) -> list[dict[str, Any]]:
    """Return the lines; each is written when its response has been sent."""
    end = time.monotonic() + 60
    while log.getvalue().count("\n") < count and time.monotonic() < end:
        time.sleep(0.01)
    return [json.loads(line) for line in log.getvalue().splitlines()]


@pytest.fixture(scope="module")
def served_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    with api(tmp_path_factory.mktemp("watching") / "data") as found:
        yield found


@pytest.fixture(scope="module")
def url(served_bot: tuple[Chatbot, str]) -> str:
    return served_bot[1]


# ---- logs


def test_each_request_is_one_line_of_json(url: str, log: io.StringIO) -> None:
    response = ask(url)
    [line] = lines(log)
    assert line["id"] == response.headers["x-request-id"]
    assert (line["method"], line["route"], line["status"]) == ("POST", "/api/ask", 200)
    assert (line["mode"], line["claims"], line["who"]) == ("extractive", 1, "local")
    assert line["seconds"]["total"] > 0
    assert line["ms"] > 0


def test_no_text_of_anybody_is_logged_above_debug(url: str, log: io.StringIO) -> None:
    httpx.post(f"{url}/api/documents", json={"title": "Codes", "text": SECRET_WORDS})
    ask(url, "What is the launch code of Bodø?")
    httpx.post(f"{url}/api/ask/stream", json={"question": "What is the launch code of Bodø?"})
    httpx.get(f"{url}/api/search", params={"query": "launch code"})
    httpx.post(f"{url}/api/check", json={"text": SECRET_WORDS, "sources": [SECRET_WORDS]})
    httpx.get(f"{url}/api/nowhere/launch-code")
    ask(url, "launch " * 2000)
    assert len(lines(log, count=7)) == 7
    assert "launch" not in log.getvalue()
    assert "4711" not in log.getvalue()
    assert "Codes" not in log.getvalue()


def test_at_debug_the_question_stands_in_the_line(url: str, log: io.StringIO) -> None:
    logging.getLogger("chatbot").setLevel(logging.DEBUG)
    ask(url)
    assert QUESTION in [line.get("question") for line in lines(log)]


@pytest.mark.slow
def test_a_planted_key_is_never_told(tmp_path: Path, fake_llm: FakeLLM, log: io.StringIO) -> None:
    logging.getLogger("chatbot").setLevel(logging.DEBUG)
    fake_llm.default = status(401, message=f"Incorrect API key provided: {PLANTED}")
    settings = {"model": "openai:m", "base_url": fake_llm.base_url, "api_key": PLANTED}
    with api(tmp_path / "data", **settings) as (bot, url):
        token = bot.tokens.create("anna")
        answer = ask(url, headers=bearer(token))
        wrong = ask(url, headers=bearer("cb_wrong-0123456789"))
        told = [answer.text, wrong.text, httpx.get(f"{url}/metrics").text, log.getvalue()]
        told.append(httpx.get(f"{url}/api/openapi.json").text)
    assert answer.json()["notice"]
    for text in told:
        assert PLANTED not in text
        assert token not in text
        assert "cb_wrong" not in text
    assert fake_llm.requests[0].headers["authorization"] == f"Bearer {PLANTED}"


def test_secrets_are_taken_out_of_messages_and_tracebacks() -> None:
    try:
        raise ValueError(f"Authorization: Bearer abc.def for {PLANTED} and cb_0123456789")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "key %s", (PLANTED,), sys.exc_info())
    line = JsonLines([PLANTED]).format(record)
    assert json.loads(line)["traceback"]
    for secret in (PLANTED, "cb_0123456789", "abc.def"):
        assert secret not in line


# ---- metrics


def test_numbers_are_in_prometheus_format_and_count_answers(url: str) -> None:
    def value(name: str, **labels: str) -> float:
        for family in text_string_to_metric_families(httpx.get(f"{url}/metrics").text):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        return 0.0

    before = value("chatbot_answers_total", mode="extractive", refused="false")
    ask(url)
    assert value("chatbot_answers_total", mode="extractive", refused="false") == before + 1
    assert value("chatbot_claims_total", verdict="quoted") >= 1
    assert value("chatbot_requests_total", route="/api/ask", status="200") >= 1
    assert value("chatbot_stage_seconds_count", stage="find") >= 1
    assert value("chatbot_answers_running") == 0
    assert value("process_resident_memory_bytes") > 1e6


def test_a_label_is_never_what_somebody_sent(url: str) -> None:
    httpx.get(f"{url}/api/made-up-path")
    httpx.get(f"{url}/api/documents/{'0' * 64}")
    httpx.request("MADEUP", f"{url}/api/ask")
    told = httpx.get(f"{url}/metrics").text
    assert "made-up" not in told
    assert "0" * 64 not in told
    assert "MADEUP" not in told


# ---- traces


class Collector(services.TraceServiceServicer):
    """An OpenTelemetry collector that keeps what it gets."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        self.resources: list[Any] = []

    def Export(self, request: Any, context: object) -> Any:  # noqa: ANN401
        for group in request.resource_spans:
            self.resources.append(group.resource)
            for scope in group.scope_spans:
                self.spans += scope.spans
        return messages.ExportTraceServiceResponse()


@pytest.fixture
def collector() -> Iterator[tuple[Collector, str]]:
    found = Collector()
    server = grpc.server(futures.ThreadPoolExecutor(2))
    services.add_TraceServiceServicer_to_server(found, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield found, f"http://127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.mark.slow
def test_stages_are_spans_of_their_request_without_any_text(
    tmp_path: Path, collector: tuple[Collector, str]
) -> None:
    found, endpoint = collector
    with api(tmp_path / "data", otlp_endpoint=endpoint) as (_, url):
        ask(url)
        httpx.post(f"{url}/api/ask/stream", json={"question": QUESTION})
    by_name: dict[str, list[Any]] = {}
    for span in found.spans:
        by_name.setdefault(span.name, []).append(span)
    requests = [by_name["POST /api/ask"][0], by_name["POST /api/ask/stream"][0]]
    assert {span.parent_span_id for span in by_name["find"]} == {span.span_id for span in requests}
    assert {"follow_up", "find"} <= set(by_name)
    assert TRUCKS not in str(found.spans)
    assert QUESTION not in str(found.spans)


def test_without_an_endpoint_nothing_of_it_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*sys.modules, "opentelemetry.sdk", "opentelemetry.exporter"]:
        if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter")):
            monkeypatch.setitem(sys.modules, name, None)  # an import fails now
    Tracing(None)
    with pytest.raises(ImportError):
        Tracing("http://127.0.0.1:9")


@pytest.mark.slow
def test_a_collector_that_is_gone_holds_nothing_up(tmp_path: Path) -> None:
    with api(tmp_path / "data", otlp_endpoint="http://127.0.0.1:9") as (_, url):
        assert ask(url).status_code == 200
