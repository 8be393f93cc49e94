"""What every test shares: a clean environment and a bot over the bundled article."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import hypothesis
import pytest
from cachetools import LRUCache
from fake_llm import start_fake_llm  # noqa: F401 - a fixture for every file

# Before anything of ours is imported: no key of the developer's shell may reach a test.
for _name in list(os.environ):
    if _name.startswith(("CHATBOT_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")):
        if _name != "CHATBOT_CHROMIUM":
            del os.environ[_name]

# A busy machine may need longer than the five seconds that httpx waits by itself, and than the
# fifth of a second that hypothesis allows an example.
httpx._config.DEFAULT_TIMEOUT_CONFIG.read = 60
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

from servers import HOMES, LEFT_OUT, Servers, memory  # noqa: E402

from chatbot import Chatbot, Settings  # noqa: E402
from chatbot.models.model_files import Floats, ModelFiles, Row  # noqa: E402
from chatbot.store import Place  # noqa: E402

# SQLite and Chroma wait for the disk at each commit: in memory, which a killed process leaves as it
# is too, the tests of stores take half as long.
if folder := memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))

# Hundreds of tests ask the same of the same article: the network reads each pair once a process.
_read: LRUCache[tuple[str, tuple[int, ...], int], Floats] = LRUCache(8_000)
_lock = threading.Lock()
_run = ModelFiles.run


def _remembered(files: ModelFiles, row: Row) -> Floats:
    if not files.about.tasks:
        return _run(files, row)
    _ = files._session  # what cannot be opened fails as ever
    key = files.about.sha256, tuple(row.ids), row.second
    with _lock:
        found = _read.get(key)
    if found is None:
        found = _run(files, row)
        with _lock:
            _read[key] = found
    return found


setattr(ModelFiles, "run", _remembered)  # noqa: B010 - mypy takes no method for a name


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


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and a Chroma server."""
    running = Servers()
    running.start()
    yield running
    running.close()


NewPlace = Callable[[Path], Place | Path]


@pytest.fixture(scope="module", params=HOMES)
def new_place(request: pytest.FixtureRequest) -> NewPlace:
    """Where a new store shall stand, in each of the two homes."""
    if request.param == "one process":
        return lambda path: path
    running: Servers = request.getfixturevalue("servers")
    return running.new_place


@pytest.fixture
def place(new_place: NewPlace, tmp_path: Path) -> Place | Path:
    """Where a new store shall stand."""
    return new_place(tmp_path / "data")


def _leave_out_servers(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs servers where PostgreSQL is not installed."""
    if "servers" not in HOMES:
        left_out = [item for item in items if "servers" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    if "servers" not in HOMES:
        terminalreporter.write_line(LEFT_OUT)


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what is marked
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first, so that no process waits for it, and the browser's tests last.

    Files stay whole. While the browser is open, no asynchronous test can run (see ``ui_chromium``).
    """
    _leave_out_servers(config, items)
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and callspec.params.get("new_place") == "servers":
            item.add_marker("slow")  # it starts PostgreSQL and Chroma
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    browser = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: (item.path in browser, item.path not in slow))
    _tell_apart(items)


def _tell_apart(items: list[pytest.Item]) -> None:
    """Give each test an id of its own: of several with one id, pytest-xdist runs one alone.

    The tests that schemathesis makes of one function differ in their names, not in their ids.

    Raises:
        pytest.UsageError: if two tests have the same id all the same.
    """
    for item in items:
        if not item.nodeid.endswith(f"::{item.name}"):
            item._id = item.id.parse(f"{item.nodeid.rpartition('::')[0]}::{item.name}")
    ids = Counter(item.nodeid for item in items)
    if repeated := [one for one, count in ids.items() if count > 1]:
        raise pytest.UsageError(f"Several tests have the same id: {', '.join(repeated)}.")
