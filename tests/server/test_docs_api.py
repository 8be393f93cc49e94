"""docs/api.md: every example of it runs against a real server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from api_server import api

from chatbot import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
HOME = "http://127.0.0.1:7860"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with api(tmp_path_factory.mktemp("docs") / "data") as (_, found):
        yield found


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples use curl")
@pytest.mark.parametrize("block", [block for block in blocks("sh") if "curl" in block])
def test_every_curl_example_works(url: str, block: str) -> None:
    script = block.replace(HOME, url).replace("curl -s", "curl --fail --noproxy '*' -s")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


@pytest.mark.slow
def test_the_python_example_works(url: str) -> None:
    [block] = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", block.replace(HOME, url)],
        capture_output=True,
        text=True,
        timeout=180,
        env=os.environ | {"NO_PROXY": "*"},
    )
    assert done.returncode == 0, done.stderr
    assert "101 trucks" in done.stdout
    assert "---\n[1]" in done.stdout


def test_every_path_of_the_page_is_in_the_schema(url: str) -> None:
    known = set(httpx.get(f"{url}/api/openapi.json").json()["paths"])
    known |= {"/api/docs", "/api/openapi.json"}
    named = re.findall(r"(/api/[a-z./A-Z-]+|/healthz|/readyz|/metrics)", PAGE)
    assert len(named) > 15
    shapes = {re.sub(r"\{\w+\}", "ID", path) for path in known}
    for path in named:
        assert path.rstrip("/.") in shapes, path


def test_every_setting_of_the_page_is_one() -> None:
    fields = {f"CHATBOT_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"CHATBOT_[A-Z_]+", PAGE))
    assert named
    assert named <= fields
