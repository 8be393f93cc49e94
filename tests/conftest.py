"""What every test shares: a clean environment and a bot over the bundled article."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_llm import start_fake_llm  # noqa: F401 - a fixture for every file

# Before anything of ours is imported: no key of the developer's shell may reach a test.
for _name in list(os.environ):
    if _name.startswith(("CHATBOT_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")):
        if _name != "CHATBOT_CHROMIUM":
            del os.environ[_name]

from chatbot import Chatbot, Settings  # noqa: E402


@pytest.fixture(scope="session")
def article_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    """A bot over the bundled article alone; tests that add documents make their own."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("article") / "data")
    with Chatbot.from_settings(settings) as bot:
        yield bot


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory that does not exist yet."""
    return tmp_path / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, so that no process waits for it, and the browser's tests last.

    Files stay whole. While the browser is open, no asynchronous test can run (see ``ui_chromium``).
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    browser = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: (item.path in browser, item.path not in slow))
