"""The schema of the HTTP API, held against what the server really answers, and its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from api_server import api
from fastapi import FastAPI
from hypothesis import HealthCheck, assume, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

import chatbot
from chatbot import Answer
from chatbot.server.openapi import ANSWER, describe
from chatbot.server.routes import ROUTERS
from chatbot.server.routes.pages import STATIC


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api(tmp_path_factory.mktemp("schema") / "data") as (_, found):
        yield found


def described() -> dict[str, Any]:
    """Return the schema as the server serves it; the test cases are made when this is imported."""
    app = FastAPI(title="chatbot", version=chatbot.__version__)
    for router in ROUTERS:
        app.include_router(router)
    describe(app)
    return app.openapi()


schema = schemathesis.openapi.from_dict(described())
# A text without a single readable word is refused, which no schema can say.
BEYOND_SCHEMAS = [positive_data_acceptance]


@pytest.mark.slow
@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_its_schema_says(case: Any, url: str) -> None:  # noqa: ANN401
    # The HTTP server itself refuses an address of over 64 kB, before the application sees it.
    assume(len(str(case.query)) < 5_000)
    beyond = [*BEYOND_SCHEMAS]
    form = case.body if case.path == "/api/files" and isinstance(case.body, dict) else {}
    if not isinstance(form.get("file", ""), (str, bytes)):  # in a form every value is text
        beyond.append(negative_data_rejection)
    case.call_and_validate(base_url=url, timeout=90, excluded_checks=beyond)


def test_the_schema_that_is_tested_is_the_one_that_is_served(url: str) -> None:
    assert httpx.get(f"{url}/api/openapi.json").json() == described()


def test_every_promised_operation_is_in_the_schema(url: str) -> None:
    paths = httpx.get(f"{url}/api/openapi.json").json()["paths"]
    found = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert {
        "POST /api/ask",
        "POST /api/ask/stream",
        "POST /api/check",
        "GET /api/documents",
        "POST /api/documents",
        "GET /api/documents/{document_id}",
        "DELETE /api/documents/{document_id}",
        "GET /api/search",
        "GET /api/conversations",
        "GET /healthz",
        "GET /readyz",
        "GET /metrics",
        "POST /v1/chat/completions",
    } <= found


def test_examples_are_answers() -> None:
    answer = Answer.from_dict(ANSWER)
    for claim in answer.claims:
        assert answer.text[claim.start : claim.end] == claim.text


def test_the_page_of_the_documentation_loads_from_this_server_alone(url: str) -> None:
    page = httpx.get(f"{url}/api/docs")
    assert page.status_code == 200
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(assets) >= 3
    for asset in assets:
        assert "//" not in asset
        assert httpx.get(f"{url}/api/{asset}").status_code == 200
    for file in filter(Path.is_file, STATIC.rglob("*")):
        assert "http:" not in file.read_text(), file.name
        assert "https:" not in file.read_text(), file.name
    for other in ("..%2F..%2F..%2Fapp.py", "..%2Flogin.html", "login.html"):
        assert httpx.get(f"{url}/api/assets/{other}").status_code == 404
