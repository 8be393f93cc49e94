"""The page as it is served: everything of Gradio's that leaks, records or advertises is off."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from ui_fakes import FakeBot
from ui_live import served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    bot = FakeBot(tmp_path_factory.mktemp("mount") / "data")
    bot.add_text("A secret sentence.", title="Secret title")
    with served(bot, page=True) as address:
        yield address


@pytest.fixture(scope="module")
def config(url: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{url}/config").json()
    return found


def test_nothing_is_reported_recorded_shared_or_advertised(config: dict[str, Any]) -> None:
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert not config.get("run_history")
    assert not config.get("show_error")
    assert not config.get("share_url")


def test_the_page_and_its_configuration_hold_no_document(url: str) -> None:
    for path in ("/", "/config"):
        assert "Secret title" not in httpx.get(url + path).text


def test_no_event_is_offered_as_a_programming_interface(url: str) -> None:
    info = httpx.get(f"{url}/gradio_api/info").json()
    assert info["named_endpoints"] == {}
    assert info["unnamed_endpoints"] == {}


def test_no_font_and_no_script_comes_from_elsewhere(url: str, config: dict[str, Any]) -> None:
    html = httpx.get(url).text
    loaded = re.findall(r"""<(?:script|link|img)[^>]+(?:src|href)=["']([^"']+)""", html)
    assert loaded
    assert [one for one in loaded if urlsplit(one).netloc] == []
    assert config["stylesheets"] == []


@pytest.mark.parametrize("path", ["/monitoring", "/gradio_api/monitoring", "/docs"])
def test_pages_for_operators_are_off(url: str, path: str) -> None:
    assert httpx.get(url + path).status_code in (403, 404, 405)


@pytest.mark.parametrize("path", ["/etc/passwd", "http://evil.test/x", "pyproject.toml"])
def test_no_file_of_this_machine_is_given_out(url: str, path: str) -> None:
    assert httpx.get(f"{url}/gradio_api/file={path}").status_code in (403, 404)


def test_gradio_takes_no_files(url: str) -> None:
    response = httpx.post(f"{url}/gradio_api/upload", files={"files": ("x.txt", b"x")})
    assert response.status_code == 404


def test_what_gradio_writes_lies_in_the_data_directory_for_this_user_alone(url: str) -> None:
    assert stat.S_IMODE(Path(os.environ["GRADIO_TEMP_DIR"]).stat().st_mode) == 0o700


def test_the_health_page_is_not_hidden_by_the_page(url: str) -> None:
    assert httpx.get(f"{url}/healthz").json()["status"] == "ok"


def test_the_page_streams_through_the_guards(url: str) -> None:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request("GET", "/gradio_api/heartbeat/a-session")
        response = connection.getresponse()
        assert response.status == 200
        assert response.read(1)
    finally:
        connection.close()
