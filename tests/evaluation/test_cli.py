"""``chatbot eval``: as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from evaluation_helpers import CASES, write_suite

from chatbot import Settings
from chatbot.cli.app import run as chatbot
from chatbot.evaluation import Run, load_run
from chatbot.evaluation.run_files import keep

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATBOT_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    return write_suite(tmp_path / "ferry", CASES)


@pytest.fixture
def ran(ferry: Path, tmp_path: Path, ferry_run: Run) -> Path:
    """The suite as if it had been run before."""
    keep(ferry_run, Settings(data_dir=tmp_path / "data"))
    return ferry


def test_a_suite_is_run_accepted_and_compared(
    ferry: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chatbot(["eval", str(ferry), "--gate", "right>=0.9"]) == 0
    out = capsys.readouterr().out
    assert "ferry: 4 cases, mode extractive" in out
    assert "4 of 4" in out
    assert chatbot(["eval", "accept", str(ferry)]) == 0
    assert "baseline.json" in capsys.readouterr().out
    assert chatbot(["eval", "run", str(ferry)]) == 0
    assert "No case changed against the baseline." in capsys.readouterr().out
    assert chatbot(["eval", "compare", f"{ferry}@baseline", str(ferry)]) == 0
    assert "4 cases are in both runs" in capsys.readouterr().out


def test_a_gate_that_fails_is_status_1_and_one_sentence(
    ferry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chatbot(["eval", str(ferry), "--gate", "right>=1.1"]) == 1
    assert "ferry: right is 1.000, at least 1.1 is asked." in capsys.readouterr().err


def test_a_case_that_got_worse_is_named(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert chatbot(["eval", "accept", str(ran)]) == 0
    cases = (ran / "cases.yaml").read_text()
    (ran / "cases.yaml").write_text(cases.replace('answer: ["9:40"]', 'answer: ["never"]'))
    capsys.readouterr()
    assert chatbot(["eval", str(ran)]) == 0
    out = capsys.readouterr().out
    assert "Worse than the baseline (1):" in out
    assert "time: right 1 -> 0" in out
    assert "too few cases to tell" in out


def test_a_baseline_of_other_cases_is_left_aside(
    ran: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chatbot(["eval", "accept", str(ran)]) == 0
    (ran / "cases.yaml").write_text("- {id: new, question: Who is it, expected: {refuse: true}}")
    capsys.readouterr()
    chatbot(["eval", str(ran)])
    out = capsys.readouterr().out
    assert "ferry: 1 case, mode extractive" in out
    assert "baseline" not in out


def test_all_outputs_are_written(ferry: Path, tmp_path: Path) -> None:
    paths = {name: tmp_path / f"out.{name}" for name in ("json", "junit", "markdown", "html")}
    options = [part for name, path in paths.items() for part in (f"--{name}", str(path))]
    assert chatbot(["eval", str(ferry), *options]) == 0
    assert load_run(paths["json"]).head.suite == "ferry"
    assert paths["junit"].read_text().startswith("<?xml")
    assert paths["markdown"].read_text().startswith("## ferry")
    assert paths["html"].read_text().startswith("<!doctype html>")


def test_a_report_is_made_of_saved_runs(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert chatbot(["eval", str(ran)]) == 0
    assert chatbot(["eval", "report"]) == 0
    assert "ferry" in (tmp_path / "report.html").read_text()
    runs = sorted((tmp_path / "data-runs" / "ferry").glob("*.json"))
    assert len(runs) == 2
    page = tmp_path / "two.html"
    assert (
        chatbot(["eval", "report", str(runs[1]), "--against", str(runs[0]), "--html", str(page)])
        == 0
    )
    assert "Beside " in page.read_text()


def test_an_interrupted_run_is_gone_on_with(
    ferry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from chatbot import Chatbot

    ask, asked = Chatbot.ask, []

    def interrupted(bot: Chatbot, question: str, **options: object) -> object:
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(question)
        return ask(bot, question, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(Chatbot, "ask", interrupted)
        assert chatbot(["eval", str(ferry)]) == 130
    assert "--resume` goes on" in capsys.readouterr().err
    assert chatbot(["eval", str(ferry), "--resume"]) == 0
    assert "4 of 4" in capsys.readouterr().out
    assert not (tmp_path / "data-runs" / "ferry" / "unfinished.json").exists()


def test_prices_give_the_cost_of_a_model(
    ferry: Path,
    fake_llm: object,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", fake_llm.base_url)  # type: ignore[attr-defined]
    chatbot(["eval", str(ferry), "--model", "openai:test", "--judge", "openai:j", "--price", "1,2"])
    captured = capsys.readouterr()
    assert "mode openai:test" in captured.out
    assert "judge openai:j" in captured.out
    assert "dollars at the prices given" in captured.out
    assert "Judge and offline check" in captured.out or "judged no claim" in captured.out


def test_the_bundled_suites_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert chatbot(["eval", "list"]) == 0
    assert "article: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "There is no suite nowhere"),
        (["article", "--gate", "right"], "'right' is not a gate"),
        (["article", "--gate", "right>=x"], "is not a gate"),
        (["article", "--price", "cheap"], "write IN,OUT"),
        (["article", "--workers", "0"], "greater than or equal to 1"),
        (["report"], "There is no saved run yet"),
        (["report", "nowhere"], "neither a file of a run nor a suite"),
        (["compare", "nowhere", "nowhere"], "neither a file of a run"),
        (["accept"], "There is no saved run to accept"),
        (["accept", "article", "article-copy", "--run", "x"], "name exactly one suite"),
    ],
)
def test_bad_use_is_one_sentence_and_status_2(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chatbot(["eval", *arguments]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_a_suite_of_drafts_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = "- {id: a, question: q, draft: true, expected: {refuse: true}}"
    assert chatbot(["eval", str(write_suite(tmp_path / "drafts", cases))]) == 2
    assert "cases are drafts" in capsys.readouterr().err


def test_a_run_of_other_cases_is_not_accepted(
    ran: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (ran / "cases.yaml").write_text(CASES.replace("How much do", "What do"))
    assert chatbot(["eval", "accept", str(ran)]) == 2
    assert "have changed since that run" in capsys.readouterr().err


def test_a_suite_without_documents_is_asked_of_the_users_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.jsonl"
    case = {
        "id": "a",
        "question": "How many vehicles did Japan send to Ukraine?",
        "expected": {"answer": ["101"]},
    }
    file.write_text(json.dumps(case))
    assert chatbot(["eval", str(file)]) == 0
    assert "1 of 1" in capsys.readouterr().out
