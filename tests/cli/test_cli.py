"""The command line, run as a user runs it: output, exit status, one sentence for each error."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from documents_helpers import make_pdf

from chatbot import Answer, Citation, Claim, Verdict
from chatbot.cli.app import run
from chatbot.cli.terminal import print_below
from chatbot.types import Span

TRUCKS = "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data of this file's commands lies."""
    return tmp_path_factory.mktemp("cli")


@pytest.fixture(autouse=True)
def _data_dir(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_DATA_DIR", str(home / "data"))


@pytest.mark.slow
def test_ask_as_a_process_prints_answer_sources_and_verdict(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chatbot", "ask"]
    command.append("How many vehicles did Japan send to Ukraine?")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert lines[0] == f"{TRUCKS} [1]"
    assert lines[1] == "Quoted from 1 sentence."
    assert lines[3] == f"[1] {TRUCKS}"


def test_a_refusal_is_no_failure_and_lists_no_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ask", "Who is the prime minister of Japan?"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("The documents do not answer: “Who is the prime minister of Japan?”")
    assert "Closest passages (they do not answer):" in out


def test_json_is_the_answer_and_verify_holds_it_against_the_documents(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["ask", "How many vehicles did Japan send to Ukraine?", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(answer))
    assert run(["verify", str(file)]) == 0
    answer["citations"][0]["text"] = "Japan sent 900 tanks."
    file.write_text(json.dumps(answer))
    assert run(["verify", str(file)]) == 1
    assert "has another text" in capsys.readouterr().err


@pytest.mark.slow
def test_a_document_is_added_listed_asked_changed_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "ferry.txt"
    file.write_text("The ferry to Bodø leaves at 9:40.")
    assert run(["add", str(file)]) == 0
    assert "added" in capsys.readouterr().out
    assert run(["add", str(file)]) == 0
    assert "unchanged" in capsys.readouterr().out
    file.write_text("The ferry to Bodø leaves at 8:15.")
    assert run(["add", str(file)]) == 0
    assert "replaced" in capsys.readouterr().out
    run(["ask", "When does the ferry to Bodø leave?"])
    assert "8:15" in capsys.readouterr().out
    run(["list"])
    [row] = [line for line in capsys.readouterr().out.splitlines() if "ferry" in line]
    assert run(["remove", row.split()[0]]) == 0
    capsys.readouterr()
    run(["list"])
    assert "ferry" not in capsys.readouterr().out


def test_stdin_is_a_document_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    note = io.BytesIO(b"# Note\n\nThe key is under the mat.\n")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(note))
    assert run(["add", "-", "--name", "note.md"]) == 0
    assert "Note" in capsys.readouterr().out


def test_two_texts_over_stdin_stay_two_documents_and_a_pdf_is_told_by_its_content(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = make_pdf([["The lock has nine keys."]])
    for data in (b"The mill has a pond.", b"The pond has a mill.", pdf):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert run(["add", "-"]) == 0
    out = capsys.readouterr().out
    assert out.count("added") == 3
    assert "replaced" not in out


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("", "A path is empty"), ("https://example.org/a", "CHATBOT_ALLOW_URLS=1")],
)
def test_what_is_no_file_is_refused_in_one_sentence(
    path: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["add", path]) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("chatbot:") == 1
    assert captured.out == ""


def test_a_folder_is_watched_until_it_is_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gull.txt").write_text("The gull sits on the roof.")
    looks = iter(["nothing", "another", "stop"])

    def sleep(_: float) -> None:
        what = next(looks)
        if what == "another":
            (tmp_path / "tern.txt").write_text("The tern is at sea.")
            (tmp_path / "gull.txt").unlink()
        elif what == "stop":
            raise KeyboardInterrupt

    monkeypatch.setattr("chatbot.cli.documents.time.sleep", sleep)
    assert run(["sync", "--watch", str(tmp_path)]) == 130
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["added", "added", "removed", "1"]
    assert lines[-1] == "1 added, 1 removed"


def test_a_folder_without_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["add", str(tmp_path)]) == 1
    assert "There is no file in the folder" in capsys.readouterr().err


def test_what_of_a_file_is_left_out_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "crane.md").write_text("The crane lifts ~~7~~ 9 tonnes. ![](crane.png)")
    assert run(["add", str(tmp_path / "crane.md")]) == 0
    out = capsys.readouterr().out
    assert "1 struck-through passage was left out." in out
    assert "1 picture was left out." in out


def test_a_name_that_is_no_utf8_is_added_like_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in ((b"M\xfchle.txt", "The mill is red."), (b"ok.txt", "The barn is green.")):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_text(text)
    for word in ("added", "unchanged"):
        assert run(["add", str(tmp_path)]) == 0
        out = capsys.readouterr().out
        assert out.count(word) == 2
        assert "M\ufffdhle" in out


def test_one_bad_file_of_a_folder_fails_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.txt").write_text("The harbour master is called Ida Holm.")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 and no more")
    (tmp_path / "music.mp3").write_bytes(b"ID3")
    assert run(["add", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert "added" in captured.out
    assert "skipped" in captured.out
    assert captured.err.count("\n") == 1
    assert "bad.pdf" in captured.err


def test_check_says_which_claim_is_not_supported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source.txt"
    source.write_text("The ferry leaves at 9:40 from pier 3.")
    assert run(["check", "The ferry leaves at 9:40 from pier 3.", "--source", str(source)]) == 0
    assert run(["check", "The ferry leaves at 7:15.", "--source", str(source)]) == 1
    assert "unsupported" in capsys.readouterr().out


def test_doctor_finds_nothing_wrong_and_repairs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor"]) == 0
    assert run(["doctor", "--repair"]) == 0
    assert run(["doctor", "--reembed"]) == 0
    assert "No problems found." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], "Missing argument"),
        (["nonsense"], "No such command"),
        (["remove", "ffffffff"], "No document has an id that begins with 'ffffffff'"),
        (["verify", "nowhere.json"], "cannot be read"),
        (["eval", "nowhere"], "There is no suite nowhere"),
        (["check", "x", "--source", "nowhere.txt"], "does not exist"),
    ],
)
def test_bad_use_is_one_sentence_and_status_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err


def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHATBOT_PORT", "many")
    assert run(["list"]) == 2
    error = capsys.readouterr().err
    assert "CHATBOT_PORT" in error
    assert error.count("\n") == 1


def test_every_command_of_the_readme_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    commands = "ask chat add list remove export serve eval check verify doctor".split()
    assert all(f"  {command} " in shown for command in commands)


def test_a_terminal_is_never_sent_control_characters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from chatbot.cli.terminal import clean

    assert clean("a\x1b[31mred\x07\u202eb\nc") == "a[31mredb\nc"


# ---- collections


def test_a_collection_is_filled_asked_listed_changed_and_deleted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    boat, bees = tmp_path / "boat.txt", tmp_path / "bees.txt"
    boat.write_text("The blue boat belongs to Captain Vega.")
    bees.write_text("The hives in Voss hold nine swarms.")

    def said(*arguments: str, status: int = 0) -> str:
        assert run(arguments) == status
        captured = capsys.readouterr()
        return captured.out if status == 0 else captured.err

    assert "There are no collections" in said("collections", "list")
    first = said("add", str(boat), "--in", "Harbour  papers")
    assert "created    the collection Harbour papers" in first
    assert "created" not in said("add", str(bees), str(boat), "--in", "harbour papers")
    assert said("collections", "list").split() == ["2", "documents", "Harbour", "papers"]
    listed = said("list", "--in", "Harbour papers")
    assert [line.split()[3] for line in listed.splitlines()] == ["boat", "bees"]
    question = "Who does the blue boat belong to?"
    assert "Vega" in said("ask", question, "--in", "Harbour papers")

    said("collections", "take", "Harbour papers", listed.split()[0])
    assert "boat" not in said("list", "--in", "Harbour papers")
    assert "Vega" not in said("ask", question, "--in", "Harbour papers")
    typed = iter(["How many swarms do the hives in Voss hold?", "Who is Vega?", ""])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    talked = said("chat", "--in", "harbour papers")
    assert "nine swarms" in talked
    assert "Captain" not in talked
    assert "2 documents" in said("collections", "put", "Harbour papers", listed.split()[0])

    assert "Bees" in said("collections", "rename", "harbour papers", "Bees")
    told = said("ask", question, "--in", "Bess", status=2)
    assert told == "chatbot: There is no collection 'Bess': the nearest are 'Bees'.\n"
    assert "deleted" in said("collections", "delete", "bees")
    assert "boat.txt" in said("list")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask", "Who?", "--in", "x"], "There is no collection 'x'"),
        (["chat", "--in", "x"], "There is no collection 'x'"),
        (["list", "--in", "x"], "There is no collection 'x'"),
        (["collections", "delete", "x"], "There is no collection 'x'"),
        (["collections", "put", "x", "abcd1234"], "No document has an id that begins with"),
        (["collections", "create", " "], "The name of a collection must have 1 to 100 characters"),
        (
            ["add", "/nowhere.txt", "--in", ""],
            "The name of a collection must have 1 to 100 characters",
        ),
        (["ask", "Who?", "--in", "x", "--document", "abcd"], "documents or a collection, not both"),
    ],
)
def test_what_cannot_be_done_with_a_collection_is_one_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_the_terminal_says_what_the_source_says_where_a_statement_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    citation = Citation(
        marker=1,
        document_id="0" * 64,
        title="Ferry",
        source="Ferry",
        sentence_index=0,
        start=0,
        end=27,
        text="The ferry leaves at 9:40.\x1b[2J",
    )
    text = "The ferry leaves at 8:15."
    claim = Claim(
        text=text,
        start=0,
        end=len(text),
        verdict=Verdict.CONTRADICTED,
        score=0.1,
        citations=(1,),
        doubted=(Span(start=20, end=24),),
        nearest=citation.text,
    )
    answer = Answer(
        text=f"{text} [1]",
        refused=False,
        mode="some-model",
        notice=None,
        question="When?",
        search_query="When?",
        claims=(claim,),
        citations=(citation,),
    )
    print_below(answer)
    assert (
        "The documents say otherwise than “8:15”; the nearest sentence is: “The ferry leaves at "
        "9:40.[2J”\n"
    ) in capsys.readouterr().out
    print_below(replace(answer, claims=(replace(claim, verdict=Verdict.SUPPORTED),)))
    assert "nearest" not in capsys.readouterr().out
