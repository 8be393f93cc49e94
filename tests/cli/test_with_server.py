"""The command line beside a running server: it goes through it."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_server import QUESTION, TRUCKS, api, ask, bearer

from chatbot import Chatbot
from chatbot.cli import remote
from chatbot.cli.app import run
from chatbot.store import Presence, find_server
from chatbot.types import IngestReport

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def served_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Chatbot, str]]:
    with api(tmp_path_factory.mktemp("remote") / "data") as found:
        yield found


@pytest.fixture(autouse=True)
def _data_dir(served_bot: tuple[Chatbot, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_DATA_DIR", str(served_bot[0].settings.data_dir))


def test_a_document_is_added_listed_and_removed_through_the_server(
    served_bot: tuple[Chatbot, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bot, url = served_bot
    folder = tmp_path / "some notes"
    folder.mkdir()
    (folder / "færge.txt").write_text("The ferry to Bodø leaves at 9:40.")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7 and no more")
    assert run(["add", str(folder)]) == 1
    captured = capsys.readouterr()
    assert "added" in captured.out
    assert "bad.pdf" in captured.err
    assert "9:40" in ask(url, "When does the ferry to Bodø leave?").json()["text"]
    assert run(["add", str(folder / "færge.txt")]) == 0
    assert "unchanged" in capsys.readouterr().out
    assert run(["list"]) == 0
    [row] = [line for line in capsys.readouterr().out.splitlines() if "færge" in line]
    assert run(["remove", row.split()[0]]) == 0
    assert "færge" not in [document.title for document in bot.documents()]


def test_collections_go_through_the_server(
    served_bot: tuple[Chatbot, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot, _ = served_bot
    monkeypatch.setattr("chatbot.cli.remote._PAGE", 2)  # so that a few need several requests
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"Crane number {number} stands on pier {number}.")
    assert run(["add", str(tmp_path), "--in", "Cranes"]) == 0
    assert len(bot.collections.get("Cranes").documents) == 5
    capsys.readouterr()
    run(["list", "--in", "cranes"])
    digits = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert len(digits) == 5
    assert run(["collections", "take", "Cranes", *digits[:4]]) == 0
    assert run(["collections", "rename", "Cranes", "Piers"]) == 0
    assert len(bot.collections.get("piers").documents) == 1
    assert run(["ask", "Which crane stands on a pier?", "--in", "Piers"]) == 0
    assert run(["collections", "put", "Piers", digits[0]]) == 0
    capsys.readouterr()
    run(["collections", "list"])
    assert capsys.readouterr().out.split() == ["2", "documents", "Piers"]
    assert run(["collections", "delete", "Piers"]) == 0
    assert bot.collections.list() == []
    for digit in digits:
        assert run(["remove", digit]) == 0


def test_adding_that_is_broken_off_stops_and_keeps_what_it_has(
    served_bot: tuple[Chatbot, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot, url = served_bot
    add, ended = Chatbot.add, threading.Event()

    def watched(*arguments: Any, **more: Any) -> IngestReport:  # noqa: ANN401
        try:
            return add(*arguments, **more)
        finally:
            ended.set()

    monkeypatch.setattr(Chatbot, "add", watched)
    for number in range(600):
        (tmp_path / f"{number}.txt").write_text(f"Boat number {number} lies at pier {number}.")
    found = find_server(bot.settings.data_dir)
    assert found is not None
    body = {"paths": [str(tmp_path)]}
    with httpx.stream(
        "POST", f"{url}/api/paths", json=body, headers=bearer(found.key), timeout=90
    ) as response:
        for line in response.iter_lines():
            if line == "event: progress":
                break
    assert ended.wait(60)
    assert bot.sentence_count() < 600


def test_standard_input_goes_through_the_server_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"# Note\n\nThe key is under the mat.\n"))
    monkeypatch.setattr("sys.stdin", stdin)
    assert run(["add", "-", "--name", 'no"te é.md']) == 0
    assert "Note" in capsys.readouterr().out


@pytest.fixture
def nothing_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test fail where the command opens the store itself."""
    opens = Chatbot.from_settings
    monkeypatch.setattr(Chatbot, "from_settings", lambda *_, **__: pytest.fail(f"{opens} is used"))


@pytest.mark.usefixtures("nothing_opened")
def test_a_question_is_answered_by_the_server(
    served_bot: tuple[Chatbot, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bot, _ = served_bot
    assert run(["ask", QUESTION, "--why"]) == 0
    printed = capsys.readouterr().out
    assert TRUCKS in printed
    assert "P(the documents answer)" in printed
    (article,) = [document for document in bot.documents() if "Brussels" in document.title]
    monkeypatch.setattr("sys.stdin", io.StringIO(QUESTION))
    assert run(["ask", "-", "--json", "--document", article.id[:8]]) == 0
    answered, own = json.loads(capsys.readouterr().out), bot.ask(QUESTION).to_dict()
    assert answered | {"usage": None} == own | {"usage": None}


@pytest.mark.usefixtures("nothing_opened")
def test_a_chat_goes_through_the_server_and_remembers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([QUESTION, "x" * 20_001, "When was that?", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    assert run(["chat"]) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("Mode: extractive.")
    assert captured.out.count("Japan sent 101 trucks") >= 2
    assert "May 2023" in captured.out
    assert "question" in captured.err  # the one that is too long; the chat goes on


def test_an_answer_of_another_version_of_the_server_is_told_as_that(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [("answer", {"text": "of another shape"})]
    monkeypatch.setattr(remote.RemoteBot, "_told", lambda *_: iter(told))
    assert run(["ask", QUESTION]) == 2
    assert "has another version" in capsys.readouterr().err


def test_tokens_are_made_listed_and_revoked_through_the_server(
    served_bot: tuple[Chatbot, str], capsys: pytest.CaptureFixture[str]
) -> None:
    url = served_bot[1]
    assert run(["token", "create", "anna"]) == 0
    captured = capsys.readouterr()
    token = captured.out.strip()
    assert token.startswith("cb_")
    assert "cannot be shown again" in captured.err
    assert httpx.get(f"{url}/api/documents", headers=bearer(token)).status_code == 200
    run(["token", "list"])
    assert "anna" in capsys.readouterr().out
    assert run(["token", "revoke", "anna"]) == 0
    capsys.readouterr()
    assert httpx.get(f"{url}/api/documents", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["remove", "ffffffff"], "No document has an id that begins with 'ffffffff'"),
        (["token", "create", "a b"], "The name of a token"),
        (["token", "revoke", "nobody"], "There is no token 'nobody'"),
        (["add", "/nowhere.txt"], "nowhere.txt"),
        (["collections", "delete", "x"], "There is no collection 'x': there are none yet."),
        (["collections", "create", " "], "The name of a collection"),
        (["ask", ""], "question"),
        (["ask", "Who?", "--document", "ffffffff"], "No document has an id"),
    ],
)
def test_what_goes_wrong_is_one_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) in (1, 2)
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_server_that_died_is_not_waited_for(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    Presence(address="http://127.0.0.1:9", key="x", pid=os.getpid()).announce(data_dir)
    assert find_server(data_dir) is None
    (data_dir / "server.json").write_text("nonsense")
    assert find_server(data_dir) is None


def test_a_server_that_does_not_answer_is_named(
    served_bot: tuple[Chatbot, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = served_bot[0].settings.data_dir / "server.json"
    before = file.read_text()
    file.write_text(json.dumps(json.loads(before) | {"address": "http://127.0.0.1:9"}))
    try:
        assert run(["list"]) == 2
    finally:
        file.write_text(before)
    error = capsys.readouterr().err
    assert f"Process {os.getpid()} serves this data directory" in error
    assert error.count("\n") == 1


def test_serve_leaves_a_private_note_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    env = os.environ | {"CHATBOT_DATA_DIR": str(tmp_path / "data"), "CHATBOT_PORT": "0"}
    command = [sys.executable, "-m", "chatbot", "serve"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        note = tmp_path / "data" / "server.json"
        assert stat.S_IMODE(note.stat().st_mode) == 0o600
        found = find_server(tmp_path / "data")
        assert found is not None
        assert found.pid == process.pid
        assert found.address in first
        monkeypatch.setenv("CHATBOT_DATA_DIR", env["CHATBOT_DATA_DIR"])
        assert run(["list"]) == 0
        assert "Brussels" in capsys.readouterr().out
        page = httpx.get(found.address, headers={"accept": "text/html"})
        assert page.status_code == 200
        process.send_signal(signal.SIGTERM)
        _, error = process.communicate(timeout=60)
        assert process.returncode == 0
        assert not note.exists()
        for line in error.splitlines():
            assert json.loads(line)["logger"] == "chatbot.requests"
    finally:
        process.kill()
        process.wait()
