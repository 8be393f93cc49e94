"""What was found of the model when the server started: once, on the page and for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from fake_llm import FakeLLM, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import says
from ui_fakes import FakeBot
from ui_live import served
from ui_watched import reload

from chatbot import Settings
from chatbot.bot.model_doctor import Examination
from chatbot.server import create_app

if TYPE_CHECKING:
    from ui_chromium import Opener

pytest_plugins = ["ui_chromium"]
MODEL = "openai:m"


@pytest.fixture
def examination(fake_llm: FakeLLM) -> Callable[[list[str]], Examination]:
    fake_llm.models = [{"id": "m", "object": "model"}]
    fake_llm.default = says("The lighthouse of Brandholm is 31 metres high.")

    def make(told: list[str]) -> Examination:
        settings = Settings(model=MODEL, base_url=fake_llm.base_url)
        return Examination(settings, told.append)

    return make


def test_a_program_reads_the_line_once_it_is_known(
    tmp_path: Path, examination: Callable[[list[str]], Examination]
) -> None:
    bot = FakeBot(tmp_path, model=MODEL)
    app = create_app(bot)
    told: list[str] = []
    app.state.chatbot.examination = found = examination(told)
    with served(bot, app=app) as url:
        before = httpx.get(f"{url}/api/model").json()
        assert before == {"mode": MODEL, "examined": True, "line": None}
        found._run()
        assert httpx.get(f"{url}/api/model").json()["line"] == found.line == told[0]
    assert "fit, with limits" in told[0]


def test_without_an_examination_there_is_no_line(tmp_path: Path) -> None:
    with served(FakeBot(tmp_path)) as url:
        found = httpx.get(f"{url}/api/model").json()
    assert found == {"mode": "extractive", "examined": False, "line": None}


@pytest.mark.browser
def test_the_page_says_once_what_was_found_even_if_it_is_known_later(
    tmp_path: Path, open_page: Opener, examination: Callable[[list[str]], Examination]
) -> None:
    bot = FakeBot(tmp_path, model=MODEL)
    app = create_app(bot)
    app.state.chatbot.examination = found = examination([])
    with served(bot, app=app, page=True) as url:
        page = open_page(url)
        page.wait_for_selector(".welcome")
        assert page.locator(".model-line").inner_text() == ""
        with page.expect_response("**/api/model", timeout=60_000):
            found.start()
        line = page.locator(".model-line", has_text="openai:m is fit, with limits")
        line.wait_for(timeout=60_000)
        with page.expect_response("**/api/model", timeout=60_000):
            reload(page)
        page.wait_for_selector(".welcome")
        assert page.locator(".model-line").inner_text() == ""
        page.close()
