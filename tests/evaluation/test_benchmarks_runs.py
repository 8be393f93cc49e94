"""Running benchmarks: samples, cases that fail, saved runs, the page, the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from benchmark_bots import Knowing, opening
from benchmark_runs import measured, scored, values, write_lines

from benchmarks.table import PAGE, RUNS, page
from chatbot import Answer, Settings, __version__
from chatbot.cli.app import run as run_command
from chatbot.errors import QuestionError, SuiteError
from chatbot.evaluation import Measure, Run, RunHead, RunOptions, load_run, measures
from chatbot.evaluation.report import Report, html_report, markdown_report
from chatbot.evaluation.saved_run import Sample, save_run
from chatbot.evaluation.statistics import Interval
from evals.benchmarks import (
    BENCHMARKS,
    document,
    find_benchmark,
    run_benchmark,
)
from evals.benchmarks.data_files import Data, read_rows
from evals.benchmarks.formulas import locate

RUN = Run(
    head=RunHead(
        suite="clapnq", split="dev", data="0123456789abcdef", version="1.2.3", started="2026-01-02"
    ),
    sample=Sample(cases=20, available=275, seed=3, unscored=1),
    measures=(
        Measure(name="ROUGE-L", value=0.5, scored=12, interval=Interval(low=0.4, high=0.625)),
        Measure(name="sentence F1", value=None, scored=0, unscored=12),
    ),
    notes=("A note.",),
    seconds=4.4,
)


def squad_file(tmp_path: Path, count: int = 40) -> Path:
    rows = (
        {
            "id": str(n), "title": "T", "context": f"Line {n} says {n} times.",
            "question": f"How often does line {n} speak?", "impossible": False,
            "answers": [{"text": f"{n} times", "start": len(f"Line {n} says ")}],
        }
        for n in range(count)
    )  # fmt: skip
    return write_lines(tmp_path / "squad2" / "dev.jsonl", *rows)


def test_a_sample_is_drawn_with_its_seed_and_says_its_size(tmp_path: Path) -> None:
    items = list(range(100))
    drawn = Data(path=tmp_path, limit=5, seed=1).sample(items)
    assert drawn == sorted(drawn) == Data(path=tmp_path, limit=5, seed=1).sample(items)
    assert drawn != Data(path=tmp_path, limit=5, seed=2).sample(items)
    run = measured("squad2", squad_file(tmp_path), Knowing, limit=5, seed=1)
    assert run.sample == Sample(cases=5, available=40, seed=1)
    assert scored(run, "EM") == 5


def test_a_folder_of_benchmark_data_will_do(tmp_path: Path) -> None:
    squad_file(tmp_path, 2)
    assert measured("squad2", tmp_path, Knowing).head.split == "dev.jsonl"


def test_nothing_to_measure_is_said(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match="nothing to measure"):
        measured("squad2", squad_file(tmp_path, 0), Knowing)


class Failing(Knowing):
    """Cannot answer some questions."""

    def ask(self, question: str, **_: object) -> Answer:  # type: ignore[override]
        if "line 3" in question:
            raise QuestionError("It cannot be asked.")
        return super().ask(question)


def test_a_case_that_fails_is_unscored_and_counted(tmp_path: Path) -> None:
    run = measured("squad2-article", squad_file(tmp_path, 5), Failing)
    assert run.sample == Sample(cases=5, available=5, seed=0, unscored=1)
    assert scored(run, "EM") == 4


def test_a_bot_that_answers_nothing_at_all_is_an_error(tmp_path: Path) -> None:
    class Broken(Knowing):
        def ask(self, question: str, **_: object) -> Answer:  # type: ignore[override]
            raise QuestionError("The model server is down.")

    with pytest.raises(SuiteError, match=r"No case of squad2-article .*server is down"):
        measured("squad2-article", squad_file(tmp_path, 3), Broken)


def test_a_mistake_of_ours_is_told_as_one(tmp_path: Path) -> None:
    class Mistaken(Knowing):
        def ask(self, question: str, **_: object) -> Answer:  # type: ignore[override]
            raise ZeroDivisionError

    with pytest.raises(SuiteError, match=r"wrong inside the chatbot\. The log has the details"):
        measured("squad2-article", squad_file(tmp_path, 3), Mistaken)


def test_answers_that_fell_back_to_quoting_are_counted(tmp_path: Path) -> None:
    class WithModel(Knowing):
        mode = "openai:some-model"  # the answers say "extractive"

    run = measured("squad2-article", squad_file(tmp_path, 3), WithModel)
    assert run.head.mode == "openai:some-model"
    assert "3 answers fell back to quoting" in Report(run).heading()


def test_a_run_names_version_and_commit(tmp_path: Path) -> None:
    run = measured("squad2", squad_file(tmp_path, 1), Knowing)
    assert run.head.version.split(" (")[0] == __version__


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    run_benchmark(
        BENCHMARKS["squad2-article"],
        squad_file(tmp_path, 4),
        Settings(),
        options=RunOptions(
            open_bot=opening(Knowing), progress=lambda done, total: seen.append((done, total))
        ),
    )
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize("name", BENCHMARKS)
@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '{"a": 1}', "null", "\x00\xff<script>"])
def test_data_of_another_form_is_one_sentence(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / ("data.json" if name in ("faithbench", "bipia") else "data.jsonl")
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(SuiteError) as raised:
        measured(name, path, Knowing)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_data_that_is_not_there_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(SuiteError, match="There is no benchmark data at"):
        measured(name, tmp_path / "none", Knowing)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1}\n\n{"a":\n')
    with pytest.raises(SuiteError, match=r"rows\.jsonl, line 3, is not JSON"):
        read_rows([path])


def test_pieces_are_located_in_order_and_a_missing_one_is_none() -> None:
    assert locate("a b a c", ["a", "a", "c", "x", " b "]) == [(0, 1), (4, 5), (6, 7), None, (2, 3)]
    assert locate("abc", ["", " "]) == [None, None]


def test_a_saved_run_comes_back_and_holds_no_text_of_the_data(tmp_path: Path) -> None:
    run = measured("squad2", squad_file(tmp_path, 6), Knowing)
    path = tmp_path / "runs" / "squad2.json"
    save_run(run, path)
    assert load_run(path) == run
    content = path.read_text(encoding="utf-8")
    assert "speak" not in content
    assert "times" not in content
    assert str(tmp_path) not in content


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"figures": [], "notes": [], "x": 1}'])
def test_a_file_that_is_no_run_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content)
    with pytest.raises(SuiteError, match="is not a saved run"):
        load_run(path)


@pytest.mark.parametrize("kind", [html_report, markdown_report])
def test_a_report_says_sample_version_date_and_what_is_unscored(
    kind: Callable[[list[Report]], str],
) -> None:
    text = kind([Report(RUN)]).replace("\\", "")
    assert "a sample of 20 of 275 cases (seed 3), 1 of them unscored" in text
    assert "version 1.2.3, 2026-01-02" in text
    assert "0.500" in text
    assert "0.400 to 0.625" in text
    assert "Unscored, no case has what they need: sentence F1." in text
    assert "A note." in text
    assert "Every scored case is right" not in text


def test_a_file_of_before_is_read_and_a_measure_keeps_its_direction(tmp_path: Path) -> None:
    old = {
        **{"benchmark": "bipia", "split": "test", "data": "00", "cases": 2, "available": 9},
        **{"seed": 1, "unscored": 0, "fallbacks": 0, "mode": "extractive", "version": "0.1"},
        **{"date": "2026-01-02", "seconds": 1.5, "notes": ["N."]},
        "figures": [{"name": "attacks", "value": 0.5, "n": 2, "low": 0.1, "high": 0.9}],
    }
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old), encoding="utf-8")
    (one,) = measures(load_run(path))
    assert (one.value, one.scored, one.interval) == (0.5, 2, Interval(low=0.1, high=0.9))
    lower = replace(RUN, measures=(replace(one, better="lower"),))
    save_run(lower, path)
    assert load_run(path) == lower


def test_the_page_has_every_benchmark_with_its_home_licence_and_published_figures() -> None:
    text = document([RUN])
    for one in BENCHMARKS.values():
        assert f"## {one.title}" in text
        assert one.home in text
        assert one.licence in text
        assert all(each["source"] in text for each in one.published)
    assert text.count("No run is saved.") == len(BENCHMARKS) - 1
    assert "| ROUGE-L | **50.0** | 40.0 to 62.5 | 12 |" in text
    assert "| sentence F1 | **unscored** |  | 0 |" in text


def test_the_page_in_docs_is_made_from_the_saved_runs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(RUNS)


def test_the_saved_runs_are_of_benchmarks_there_are() -> None:
    for path in RUNS.glob("*.json"):
        assert load_run(path).head.suite == path.stem == find_benchmark(path.stem).name


# The command line


def test_the_command_lists_where_data_is_to_be_had(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["eval", "bench"]) == 0
    out = capsys.readouterr().out
    assert all(f"{one.name}: " in out and one.home in out for one in BENCHMARKS.values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nope", "--data", "."], "There is no benchmark nope"),
        (["squad2"], "Name the data with --data"),
        (["squad2", "--data", "nowhere"], "There is no benchmark data at nowhere"),
        (["all", "--data", "nowhere"], "nowhere has no data of a benchmark"),
        (["squad2", "--data", ".", "--limit", "0"], "--limit"),
    ],
)
def test_bad_use_is_one_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["eval", "bench", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err


@pytest.mark.slow
def test_the_command_measures_what_is_there_and_goes_on_after_a_bad_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    squad_file(tmp_path, 3)
    (tmp_path / "injection").mkdir()
    (tmp_path / "injection" / "text_attack_test.json").write_text("[]")
    out = tmp_path / "runs"
    status = run_command(
        ["eval", "bench", "all", "--data", str(tmp_path), "--limit", "2", "--save", str(out)]
    )
    captured = capsys.readouterr()
    assert status == 1
    assert "is not of the form of BIPIA" in captured.err
    assert "squad2-article: dev.jsonl (a sample of 2 of 3 cases" in captured.out
    assert sorted(path.stem for path in out.iterdir()) == ["squad2", "squad2-article"]
    assert json.loads((out / "squad2.json").read_text())["sample"]["cases"] == 2
    assert values(load_run(out / "squad2.json"))["article, searched: sentence R@5"] >= 0
