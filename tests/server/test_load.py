"""How the server behaves under load and at its end: nothing fails, too much is told, all ends."""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_server import QUESTION, api, ask, asking, events, wait_for
from fake_llm import FakeLLM
from fake_replies import says
from servers import Servers

from chatbot.errors import ServerBusy
from chatbot.server import app
from chatbot.server.state import Slots
from chatbot.store import find_server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def test_some_users_for_some_seconds_meet_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    load = importlib.import_module("benchmarks.load")
    found = load.run(users=3, seconds=4, model=True)
    assert found.failures == 0, found.rows
    assert found.requests >= 1
    assert found.memory
    assert load.percentile(found.rows[0], 0.95) > 0


def with_model(fake_llm: FakeLLM) -> dict[str, Any]:
    return {"model": "openai:m", "base_url": fake_llm.base_url, "api_key": "sk-test-1234567890"}


def test_past_the_queue_a_clean_503_says_when_to_come_back(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    gate = threading.Event()
    fake_llm.default = says("Japan sent 101 trucks and other SDF vehicles [1].", gate=gate)
    limits = {"answers_at_once": 2, "queue_size": 2}
    with api(tmp_path / "data", **limits, **with_model(fake_llm)) as (_, url):
        with ThreadPoolExecutor(4) as pool:
            running = [pool.submit(ask, url) for _ in range(4)]
            wait_for(lambda: waiting(url) == 2.0)
            for path in ("/api/ask", "/api/ask/stream", "/v1/chat/completions"):
                body: dict[str, Any] = {"question": QUESTION}
                if path.startswith("/v1"):
                    body = {"messages": [{"role": "user", "content": QUESTION}]}
                refused = httpx.post(url + path, json=body, timeout=60)
                assert refused.status_code == 503
                assert int(refused.headers["retry-after"]) > 0
                assert "waiting already" in refused.text
            # What needs no slot is answered all the same.
            assert httpx.get(f"{url}/healthz").status_code == 200
            assert httpx.get(f"{url}/api/documents").status_code == 200
            gate.set()
            assert [one.result().status_code for one in running] == [200] * 4
        assert ask(url).status_code == 200


def test_who_goes_away_in_the_queue_gives_their_place_back(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    gate = threading.Event()
    fake_llm.default = says("Japan sent 101 trucks and other SDF vehicles [1].", gate=gate)
    limits = {"answers_at_once": 1, "queue_size": 1}
    with api(tmp_path / "data", **limits, **with_model(fake_llm)) as (_, url):
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(ask, url)
            wait_for(lambda: fake_llm.calls == 1)
            with asking(url):
                wait_for(lambda: waiting(url) == 1.0)
            wait_for(lambda: waiting(url) == 0.0)
            second = pool.submit(ask, url)
            wait_for(lambda: waiting(url) == 1.0)
            gate.set()
            assert first.result().status_code == 200
            assert second.result().status_code == 200
    assert fake_llm.calls == 2


def test_the_queue_has_one_end_for_all_servers_of_a_store(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "FLUSH_SECONDS", 0.05)
    place = servers.new_place(tmp_path)
    shared = {"database_url": place.database_url, "chroma_url": servers.chroma_url}
    with api(tmp_path / "data", corpus_dir=None, **shared) as (bot, url):
        assert bot.usage.waiting_elsewhere("another server", 2) == 0
        wait_for(lambda: waiting(url, "_elsewhere") == 2.0)


async def test_who_waits_elsewhere_stands_in_the_same_queue() -> None:
    slots = Slots(at_once=1, waiting=3)
    slots.elsewhere = 3
    async with slots.slot():  # a free place is taken all the same
        with pytest.raises(ServerBusy, match="waiting already"):
            await slots.slot().__aenter__()
        slots.elsewhere = 2
        waits = asyncio.ensure_future(slots.slot().__aenter__())
        await asyncio.sleep(0)
        assert slots.waiting == 1
    await waits


def waiting(url: str, where: str = "") -> float:
    for line in httpx.get(f"{url}/metrics").text.splitlines():
        if line.startswith(f"chatbot_answers_waiting{where} "):
            return float(line.split()[1])
    raise AssertionError("there is no such number")


# ---- the end


PROGRAM = """
import sys
from chatbot import Chatbot
from chatbot.server import create_app, serve, serving

serving.FINISH_SECONDS = float(sys.argv[1])
with Chatbot.from_settings() as bot:
    serve(bot, create_app(bot), host="127.0.0.1", port=0, on_ready=lambda _: print(flush=True))
"""


@contextmanager
def serving(
    data_dir: Path, fake_llm: FakeLLM, *, finish: float = 5.0
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    env = os.environ | {
        "CHATBOT_DATA_DIR": str(data_dir),
        "CHATBOT_MODEL": "openai:m",
        "CHATBOT_BASE_URL": fake_llm.base_url,
        "CHATBOT_API_KEY": "sk-test-1234567890",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(finish)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=env,
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        found = find_server(data_dir)
        assert found is not None
        yield process, found.address
    finally:
        process.kill()
        process.communicate()


def test_sigterm_finishes_what_runs_and_refuses_what_comes(
    tmp_path: Path, fake_llm: FakeLLM
) -> None:
    gate = threading.Event()
    fake_llm.default = says("Japan sent 101 trucks and other SDF vehicles [1].", gate=gate)
    with serving(tmp_path / "data", fake_llm) as (process, url):
        with ThreadPoolExecutor(2) as pool:
            whole = pool.submit(ask, url)
            body = {"question": QUESTION}
            streamed = pool.submit(httpx.post, f"{url}/api/ask/stream", json=body, timeout=90)
            wait_for(lambda: fake_llm.calls == 2)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            wait_for(lambda: not accepts(url))
            assert process.poll() is None
            gate.set()
            assert whole.result().json()["text"].startswith("Japan sent 101 trucks")
            assert events(streamed.result().text)[-1][0] == "answer"
        assert process.wait(60) == 0
        assert time.monotonic() - began < 25


def test_sigterm_ends_in_time_though_a_model_hangs(tmp_path: Path, fake_llm: FakeLLM) -> None:
    fake_llm.default = says("Japan sent 101 trucks.", gate=threading.Event())
    with serving(tmp_path / "data", fake_llm, finish=1.0) as (process, url):
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(ask, url)
            wait_for(lambda: fake_llm.calls == 1)
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            assert time.monotonic() - began < 25
            with pytest.raises(httpx.HTTPError):
                asked.result()


def accepts(url: str) -> bool:
    host, _, port = url.removeprefix("http://").partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
    except OSError:
        return False
    return True
