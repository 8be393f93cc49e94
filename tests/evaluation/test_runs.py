"""Runs: they survive a case that raises, a model that hangs and an interrupt, and go on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_helpers import CASES, FERRY, PRICE, value, write_suite
from fake_llm import FakeLLM, refused_url
from fake_replies import hangs

from chatbot import Chatbot, Settings
from chatbot.errors import SuiteError
from chatbot.evaluation import (
    Run,
    RunOptions,
    Score,
    Suite,
    accept,
    compare,
    failed_gates,
    load_baseline,
    load_suite,
    measures,
    regressions,
    run_suite,
)
from chatbot.evaluation.suites import Gate


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return load_suite(str(write_suite(tmp_path / "ferry", CASES)))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "unused")


def test_a_suite_of_anybodys_documents_runs_and_leaves_no_store_behind(
    suite: Suite, settings: Settings
) -> None:
    run = run_suite(suite, settings)
    assert run.complete
    assert [result.id for result in run.results] == ["time", "price", "dogs", "physician"]
    assert value(run, "right") == 1.0
    assert value(run, "citation_f1") == 1.0
    assert {m.name: m.unscored for m in measures(run)}["citation_f1"] == 1
    assert not settings.data_dir.exists()


def test_each_case_sees_its_own_documents_alone(tmp_path: Path, settings: Settings) -> None:
    folder = write_suite(
        tmp_path / "two",
        f"""
- id: here
  question: When does the ferry leave?
  documents: [ferry.txt]
  expected: {{answer: ["9:40"], evidence: ["{FERRY}"]}}
- id: elsewhere
  question: When does the ferry leave?
  documents: [other.txt]
  expected: {{refuse: true}}
""",
        head="description: two stores in one\n",
    )
    (folder / "other.txt").write_text("Grapes grow on the southern slope of the hill.")
    run = run_suite(load_suite(str(folder)), settings)
    assert [result.value("right") for result in run.results] == [1.0, 1.0]


def test_a_suite_leaves_the_store_that_others_share_alone(suite: Suite, tmp_path: Path) -> None:
    nowhere = "127.0.0.1:1"
    shared = Settings(
        data_dir=tmp_path / "unused",
        database_url=f"postgresql://chatbot@{nowhere}/chatbot",
        chroma_url=f"http://{nowhere}",
    )
    assert value(run_suite(suite, shared), "right") == 1.0


def test_a_follow_up_without_a_reply_is_held_as_a_real_conversation(
    tmp_path: Path, settings: Settings
) -> None:
    cases = f"""
- id: follow
  question: And how much do tickets cost?
  history: [{{role: user, content: "When does the ferry leave?"}}]
  expected: {{answer: ["12 euros"], evidence: ["{PRICE}"], rewrite: "What do tickets cost?"}}
"""
    run = run_suite(load_suite(str(write_suite(tmp_path / "f", cases))), settings)
    roles = [role for role, _ in run.results[0].history]
    assert roles == ["user", "assistant"]
    assert "9:40" in run.results[0].history[1][1]
    assert run.results[0].value("rewrite_mrr") == 1.0


def test_a_case_that_raises_is_recorded_and_the_run_goes_on(
    suite: Suite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Chatbot.ask

    def failing(bot: Chatbot, question: str, **options: object) -> object:
        if "tickets" in question:
            raise ZeroDivisionError
        return ask(bot, question, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Chatbot, "ask", failing)
    run = run_suite(suite, settings)
    assert [bool(result.error) for result in run.results] == [False, True, False, False]
    assert run.results[1].scores == {}
    assert value(run, "right") == 1.0
    [failure] = failed_gates(run, {})
    assert failure.startswith("ferry: case price could not be asked: Something went wrong")
    with pytest.raises(SuiteError, match="cannot be a baseline"):
        accept(run, suite)


def test_a_question_that_cannot_be_asked_is_told_with_its_reason(
    tmp_path: Path, settings: Settings
) -> None:
    cases = f"- {{id: long, question: {'x' * 3000}, expected: {{refuse: true}}}}"
    [result] = run_suite(load_suite(str(write_suite(tmp_path / "l", cases))), settings).results
    assert result.error
    assert "2000" in result.error or "2,000" in result.error


def test_a_model_that_hangs_costs_a_notice_and_is_counted(
    suite: Suite, tmp_path: Path, fake_llm: FakeLLM
) -> None:
    fake_llm.default = hangs()
    patient = Settings(
        data_dir=tmp_path / "unused",
        model="openai:test",
        base_url=fake_llm.base_url,
        llm_first_token_timeout=0.2,
        llm_read_timeout=0.2,
        llm_connect_timeout=0.2,
        llm_deadline=1.0,
    )
    run = run_suite(suite, patient)
    assert run.complete
    assert value(run, "degraded") == 0.75  # the fourth is refused before any model is asked
    assert [bool(r.answer and r.answer["notice"]) for r in run.results] == [True] * 3 + [False]
    assert all(result.confidence is None for result in run.results)


@pytest.mark.slow
def test_a_dead_model_server_is_survived(suite: Suite, tmp_path: Path) -> None:
    dead = Settings(data_dir=tmp_path / "unused", model="openai:test", base_url=refused_url())
    run = run_suite(suite, dead)
    assert value(run, "degraded") == 0.75
    assert not any(result.error for result in run.results)


@pytest.mark.slow
def test_an_interrupted_run_goes_on_where_it_was(
    suite: Suite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask, asked = Chatbot.ask, []

    def interrupted(bot: Chatbot, question: str, **options: object) -> object:
        if len(asked) == 2:
            raise KeyboardInterrupt
        asked.append(question)
        return ask(bot, question, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Chatbot, "ask", interrupted)
    half = run_suite(suite, settings)
    assert (half.complete, len(half.results)) == (False, 2)
    with pytest.raises(SuiteError, match="interrupted"):
        accept(half, suite)

    asked.clear()
    monkeypatch.setattr(Chatbot, "ask", lambda bot, q, **o: asked.append(q) or ask(bot, q, **o))
    whole = run_suite(suite, settings, RunOptions(resume=Run.from_dict(half.to_dict())))
    assert asked == [case.question for case in suite.cases[2:]]
    assert whole.complete
    assert [result.id for result in whole.results] == [case.id for case in suite.cases]


@pytest.mark.slow
def test_what_was_kept_before_a_crash_is_gone_on_with(
    suite: Suite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatbot.evaluation.runs.KEEP_EVERY", 0.0)
    kept: list[Run] = []

    def crash(so_far: Run) -> None:
        kept.append(so_far)
        if len(so_far.results) == 3:
            raise SystemExit  # nothing after this is written, as with kill -9

    with pytest.raises(SystemExit):
        run_suite(suite, settings, RunOptions(keep=crash))
    assert [run.complete for run in kept] == [False, False, False]
    whole = run_suite(suite, settings, RunOptions(resume=kept[1]))
    assert whole.complete
    assert whole.results[:2] == kept[1].results
    assert value(whole, "right") == 1.0


def test_an_interrupt_while_eight_are_asked_at_once_keeps_what_is_done(
    suite: Suite, settings: Settings
) -> None:
    def stop(done: int, _: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    run = run_suite(suite, settings, RunOptions(workers=4, progress=stop))
    assert not run.complete
    assert len(run.results) >= 2


def test_a_run_of_other_cases_cannot_be_gone_on_with(
    suite: Suite, settings: Settings, ferry_run: Run
) -> None:
    run = replace(ferry_run, complete=False)
    fewer = suite.model_copy(update={"cases": suite.cases[:2]})
    with pytest.raises(SuiteError, match="other cases, settings or another version"):
        run_suite(fewer, settings, RunOptions(resume=run))


def test_asking_several_at_once_gives_the_same_answers(suite: Suite, settings: Settings) -> None:
    def shape(run: Run) -> list[object]:
        return [(item.id, item.answer and item.answer["text"]) for item in run.results]

    one, four = (run_suite(suite, settings, RunOptions(workers=n)) for n in (1, 4))
    assert shape(one) == shape(four)


def test_a_baseline_is_accepted_read_back_and_nothing_changed(suite: Suite, ferry_run: Run) -> None:
    run = ferry_run
    accept(run, suite)
    baseline = load_baseline(suite)
    assert baseline is not None
    found = compare(baseline, run)
    assert found.changes == ()
    assert {item.finding for item in found.differences} == {"same"}
    assert regressions(found) == []


def test_the_digits_that_a_baseline_leaves_out_are_no_change(suite: Suite, ferry_run: Run) -> None:
    run = ferry_run
    thirds = replace(
        run,
        results=tuple(
            replace(r, scores=r.scores | {"mrr": Score(value=1 / 3, why="")}) for r in run.results
        ),
    )
    accept(thirds, suite)
    baseline = load_baseline(suite)
    assert baseline is not None
    assert baseline.results[0].value("mrr") != 1 / 3
    assert compare(baseline, thirds).changes == ()
    assert regressions(compare(baseline, thirds)) == []


def test_gates_name_the_measure_its_value_and_its_bound(ferry_run: Run) -> None:
    gates = {
        "right": Gate(at_least=1.1),
        "output_breach": Gate(at_most=-1.0),
        "nonsense": Gate(at_least=0.5),
        "citation_f1": Gate(at_least=1.0),
    }
    assert failed_gates(ferry_run, gates) == [
        "ferry: right is 1.000, at least 1.1 is asked.",
        "ferry: output_breach is 0.000, at most -1 is allowed.",
        "ferry: nonsense is unscored, and a gate asks for it.",
    ]


def test_few_cases_are_said_to_be_too_few_and_how_many_would_do(ferry_run: Run) -> None:
    run = ferry_run
    worse = replace(
        run,
        results=tuple(
            replace(item, scores=item.scores | {"right": replace(item.scores["right"], value=0.0)})
            if item.id == "time"
            else item
            for item in run.results
        ),
    )
    [right] = [item for item in compare(run, worse).differences if item.name == "right"]
    assert right.finding == "too few cases to tell"
    assert right.needed
    assert right.needed > 4
    assert not right.is_regression
    with pytest.raises(SuiteError, match="no case in common"):
        compare(run, replace(run, results=()))
