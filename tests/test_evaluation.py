"""Suites: strict loading, scores computed by hand, gates, and the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot import Answer, Settings
from chatbot.errors import SuiteError
from chatbot.evaluation import Case, Expected, format_report, load_suite, run_suite
from chatbot.evaluation.report import wilson_interval
from chatbot.evaluation.scorers import score_answer
from chatbot.types import Citation, Claim, Verdict

FERRY = "The ferry leaves at 9:40 from pier 3."
OTHER = "Tickets cost 12 euros."


def make_answer(text: str, *, cited: tuple[str, ...] = (), refused: bool = False) -> Answer:
    citations = tuple(
        Citation(
            marker=n,
            document_id="d",
            title="t",
            source="s",
            sentence_index=n,
            start=0,
            end=1,
            text=c,
        )
        for n, c in enumerate(cited, start=1)
    )
    claim = Claim(text=text, start=0, end=len(text), verdict=Verdict.QUOTED, score=1.0)
    return Answer(
        text=text,
        refused=refused,
        mode="extractive",
        notice=None,
        question="q",
        search_query="q",
        claims=() if refused else (claim,),
        citations=citations,
    )


def case(**expected: object) -> Case:
    return Case(id="c", question="q", expected=Expected.model_validate(expected))


def test_a_perfect_answer_scores_one_everywhere() -> None:
    answer = make_answer(FERRY, cited=(FERRY,))
    scores = score_answer(case(answer=["9:40"], evidence=[FERRY]), answer)
    assert {k: v for k, v in scores.items() if k != "short_answer_match"} == {
        "right": 1.0,
        "answered": 1.0,
        "answer_match": 1.0,
        "citation_precision": 1.0,
        "citation_recall": 1.0,
        "grounded": 1.0,
    }


def test_an_answer_that_cites_another_sentence_is_not_right() -> None:
    answer = make_answer(FERRY, cited=(OTHER,))
    scores = score_answer(case(answer=["9:40"], evidence=[FERRY]), answer)
    assert scores["answer_match"] == 1.0
    assert scores["right"] == 0.0


def test_citing_everything_costs_precision() -> None:
    answer = make_answer(FERRY, cited=(FERRY, OTHER))
    scores = score_answer(case(answer=["9:40"], evidence=[FERRY]), answer)
    assert scores["citation_precision"] == 0.5
    assert scores["citation_recall"] == 1.0


def test_a_refusal_is_right_only_where_it_is_expected() -> None:
    refusal = make_answer("The documents do not say it.", refused=True)
    assert score_answer(case(refuse=True), refusal)["right"] == 1.0
    scores = score_answer(case(answer=["9:40"], evidence=[FERRY]), refusal)
    assert scores["right"] == 0.0
    assert scores["citation_recall"] is None


def test_a_number_inside_another_number_is_no_match() -> None:
    answer = make_answer("Japan sent 1010 trucks.", cited=(FERRY,))
    assert score_answer(case(answer=["101"], evidence=[FERRY]), answer)["answer_match"] == 0.0


def test_wilson_interval_against_a_published_example() -> None:
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.
    low, high = wilson_interval(81 / 263, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


def write_suite(folder: Path, *, gates: str = "{}", cases: str | None = None) -> Path:
    (folder / "doc.md").write_text(f"{FERRY}\n\n{OTHER}\n", encoding="utf-8")
    (folder / "suite.yaml").write_text(
        f"name: ferry\ndescription: A ferry.\ndocuments: [doc.md]\ngates: {gates}\n",
        encoding="utf-8",
    )
    default = f"""
- id: time
  question: When does the ferry leave?
  expected: {{answer: ["9:40"], evidence: ["{FERRY}"]}}
- id: captain
  question: What is the name of the Norwegian king's physician?
  expected: {{refuse: true}}
"""
    (folder / "cases.yaml").write_text(cases or default, encoding="utf-8")
    return folder


def test_a_suite_of_anybodys_documents_runs_and_is_reported(tmp_path: Path) -> None:
    suite = load_suite(str(write_suite(tmp_path)))
    result = run_suite(suite, Settings(data_dir=tmp_path / "unused"))
    assert result.measures()["right"] == (1.0, 2)
    assert "ferry: 2 cases, mode extractive" in format_report(result)
    assert not (tmp_path / "unused").exists()


def test_a_gate_that_does_not_hold_is_named(tmp_path: Path) -> None:
    suite = load_suite(str(write_suite(tmp_path, gates="{right: 1.1, nonsense: 0.5}")))
    failed = run_suite(suite, Settings(data_dir=tmp_path / "unused")).failed_gates()
    assert failed == [
        "ferry: right is 1.000, at least 1.1 is asked.",
        "ferry: nonsense is unscored, at least 0.5 is asked.",
    ]


@pytest.mark.parametrize(
    ("cases", "told"),
    [
        ("- {id: a, question: q, expected: {}}", "case a.expected: .*needs 'answer'"),
        ("- {id: a, question: q, expected: {refuse: true}, extra: 1}", "Extra inputs"),
        ("- {id: a, question: q, expected: {refuse: true}}\n" * 2, "two cases with the id a"),
        ("- [", "not valid YAML"),
    ],
)
def test_a_suite_with_a_mistake_is_told_in_one_sentence(
    tmp_path: Path, cases: str, told: str
) -> None:
    with pytest.raises(SuiteError, match=told):
        load_suite(str(write_suite(tmp_path, cases=cases)))


def test_an_unknown_suite_is_named() -> None:
    with pytest.raises(SuiteError, match="no suite nowhere"):
        load_suite("nowhere")
