"""The server: health, headers, who may ask, how much may be sent, which port, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from ui_fakes import FakeBot
from ui_live import served

from chatbot.errors import SettingsError, StoreDamaged
from chatbot.server import create_app
from chatbot.server.guards import MAX_BODY_BYTES
from chatbot.server.serving import address_of, is_loopback, listen, serve

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> FakeBot:
    return FakeBot(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="module")
def url(bot: FakeBot) -> Iterator[str]:
    app = create_app(bot)

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    with served(bot, app=app) as address:
        yield address


def test_health_says_that_it_is_well(url: str, bot: FakeBot) -> None:
    assert httpx.get(f"{url}/healthz").json()["status"] == "ok"
    response = httpx.get(f"{url}/readyz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["mode"] == "extractive"


def test_a_store_that_cannot_be_read_makes_it_unready_but_not_dead(
    url: str, bot: FakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise StoreDamaged("/home/anna/secret/chatbot.sqlite3 cannot be read.")

    monkeypatch.setattr(bot, "sentence_count", broken)
    response = httpx.get(f"{url}/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "The store cannot be read."
    assert httpx.get(f"{url}/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/nothing-here"])
def test_every_answer_carries_the_security_headers(url: str, path: str) -> None:
    headers = httpx.get(url + path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1234", "[::1]:80", "LOCALHOST"])
def test_the_names_of_this_machine_are_answered(url: str, host: str) -> None:
    assert httpx.get(f"{url}/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "10.0.0.1:7860", "[::2", ""])
def test_a_name_that_was_pointed_here_is_refused(url: str, host: str) -> None:
    response = httpx.get(f"{url}/healthz", headers={"host": host})
    assert response.status_code in (400, 403)
    assert "ok" not in response.text


def test_a_refusal_carries_the_headers_too(url: str) -> None:
    response = httpx.get(f"{url}/healthz", headers={"host": "evil.test"})
    assert response.status_code == 403
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize("origin", ["https://evil.test", "null", "http://127.0.0.1:1"])
def test_a_post_from_another_site_is_refused(url: str, origin: str) -> None:
    response = httpx.post(f"{url}/echo", content=b"x", headers={"origin": origin})
    assert response.status_code == 403


def test_a_post_from_the_page_itself_passes(url: str) -> None:
    response = httpx.post(f"{url}/echo", content=b"four", headers={"origin": url})
    assert (response.status_code, response.json()) == (200, 4)


def test_other_hosts_are_answered_where_the_server_is_bound_to_be_reached(tmp_path: Path) -> None:
    bot = FakeBot(tmp_path)
    app = create_app(bot, host="0.0.0.0")
    with served(bot, app=app) as url:
        assert httpx.get(f"{url}/healthz", headers={"host": "box.local"}).status_code == 200


def test_a_body_over_the_limit_is_refused_before_it_is_read(url: str) -> None:
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=60)) as connection:
        connection.putrequest("POST", "/echo")
        connection.putheader("Content-Length", str(MAX_BODY_BYTES + 1))
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_a_body_that_does_not_say_its_length_is_refused(url: str) -> None:
    assert httpx.post(f"{url}/echo", content=iter([b"some", b"more"])).status_code == 411


def test_a_document_of_ten_megabytes_passes(url: str) -> None:
    body = b"x" * 10_000_000
    assert httpx.post(f"{url}/echo", content=body).json() == len(body)


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_no_page_is_there_that_loads_its_assets_from_elsewhere(url: str, path: str) -> None:
    assert httpx.get(url + path).status_code == 404


# ---- ports


def test_a_busy_port_gives_way_to_the_next_free_one() -> None:
    with closing(listen("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with closing(listen("127.0.0.1", port)) as other:
            assert port < other.getsockname()[1] <= port + 20


def test_a_port_is_held_from_the_moment_it_is_named() -> None:
    with closing(listen("127.0.0.1", 0)) as held, socket.socket() as rival:
        rival.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            rival.bind(held.getsockname())


def test_no_free_port_is_one_clear_sentence() -> None:
    with closing(listen("127.0.0.1", 65535)), pytest.raises(SettingsError, match="CHATBOT_PORT"):
        listen("127.0.0.1", 65535)


def test_a_host_of_another_machine_is_one_clear_sentence() -> None:
    with pytest.raises(SettingsError, match=r"This machine cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("::1", "http://[::1]:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
    ],
)
def test_the_address_is_one_that_a_browser_opens(host: str, shown: str) -> None:
    assert address_of(host, 80) == shown


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.b", False)],
)
def test_loopback_is_known(host: str, local: bool) -> None:
    assert is_loopback(host) is local


# ---- the end

PROGRAM = """
import asyncio, sys
from pathlib import Path
from fastapi.responses import StreamingResponse
from ui_fakes import FakeBot
from chatbot.server import create_app, serve

from chatbot.server import serving
serving.FINISH_SECONDS = 1.0
bot = FakeBot(Path(sys.argv[1]))
app = create_app(bot)

@app.get("/endless")
async def endless():
    async def body():
        while True:
            yield b"on and on "
            await asyncio.sleep(0.05)
    return StreamingResponse(body())

serve(bot, app, host="127.0.0.1", port=0, on_ready=lambda address: print(address, flush=True))
print("closed", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_within_seconds_and_lets_the_caller_close(
    tmp_path: Path, number: signal.Signals
) -> None:
    paths = os.pathsep.join([str(TESTS / "support"), str(TESTS.parent)])
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": paths},
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with httpx.stream("GET", f"{url}/endless") as open_page:
            next(open_page.iter_raw())
            began = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
        assert time.monotonic() - began < 30
        assert (out, process.returncode) == ("closed\n", 0)
        assert err == ""
    finally:
        process.kill()
        process.wait()


def test_an_application_is_made_without_starting_anything(tmp_path: Path) -> None:
    assert isinstance(create_app(FakeBot(tmp_path)), FastAPI)


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_without_a_token_other_machines_are_not_served(host: str, tmp_path: Path) -> None:
    bot: Any = FakeBot(tmp_path)
    with pytest.raises(SettingsError, match="chatbot token create"):
        serve(bot, create_app(bot, host=host), host=host, port=0, on_ready=print)
