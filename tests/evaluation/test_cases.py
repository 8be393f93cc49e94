"""Suites and cases: the schema, the files, evidence held against the documents, saved runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chatbot import Settings
from chatbot.errors import SuiteError
from chatbot.evaluation import Case, bundled_suites, load_suite
from chatbot.evaluation.open_suite import open_suite
from chatbot.evaluation.saved_run import (
    CaseResult,
    GoldPlace,
    Run,
    RunHead,
    load_run,
    save_run,
)
from chatbot.evaluation.scoring import Score
from chatbot.evaluation.suites import case_text

FERRY = "The ferry leaves at 9:40 from pier 3."
PRICE = "Tickets cost 12 euros."
BUS = "The bus leaves at 7:15 from the square."


def write_suite(folder: Path, cases: str, *, head: str = "documents: ['*.md']\n") -> Path:
    (folder / "ferry.md").write_text(f"# Ferry\n\n{FERRY}\n{PRICE}\n", encoding="utf-8")
    (folder / "bus.md").write_text(f"# Bus\n\n{BUS}\n", encoding="utf-8")
    (folder / "suite.yaml").write_text(f"name: harbour\n{head}", encoding="utf-8")
    (folder / "cases.yaml").write_text(cases, encoding="utf-8")
    return folder


def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "unused")


def test_evidence_is_found_with_its_sentence_whatever_the_white_space(tmp_path: Path) -> None:
    cases = f'- {{id: a, question: q, expected: {{evidence: ["{FERRY.replace(" at", "  at")}"]}}}}'
    suite = load_suite(str(write_suite(tmp_path, cases)))
    with open_suite(suite, settings(tmp_path)) as opened:
        [[place]] = opened.ready[0].gold
        document = opened.ready[0].stored[place.document_id]
        assert document.text[place.start : place.end] == FERRY
        [index] = place.sentences
        assert opened.bot.sentences(place.document_id)[index].text == FERRY


def test_a_quote_over_two_sentences_is_gold_in_both(tmp_path: Path) -> None:
    cases = f'- {{id: a, question: q, expected: {{evidence: ["{FERRY} {PRICE}"]}}}}'
    with open_suite(load_suite(str(write_suite(tmp_path, cases))), settings(tmp_path)) as opened:
        [[place]] = opened.ready[0].gold
        assert len(place.sentences) == 2


def test_a_quote_that_is_not_there_is_told_with_the_nearest_sentence(tmp_path: Path) -> None:
    misquoted = FERRY.replace("9:40", "9:50")
    cases = f'- {{id: a, question: q, expected: {{evidence: ["{misquoted}"]}}}}'
    suite = load_suite(str(write_suite(tmp_path, cases)))
    with pytest.raises(
        SuiteError, match=f"Case a: .*9:50.*nearest sentence, of Ferry, is '{FERRY}'"
    ):
        with open_suite(suite, settings(tmp_path)):
            pass


def test_a_case_is_asked_over_its_own_documents_alone(tmp_path: Path) -> None:
    cases = f'- {{id: a, question: q, documents: [bus.md], expected: {{evidence: ["{FERRY}"]}}}}'
    suite = load_suite(str(write_suite(tmp_path, cases)))
    with pytest.raises(SuiteError, match="nearest sentence, of Bus"):
        with open_suite(suite, settings(tmp_path)):
            pass


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    head = "documents: [gone.md]\n"
    suite = load_suite(str(write_suite(tmp_path, "", head=head)))
    with pytest.raises(SuiteError, match=r"names the document gone\.md, which does not exist"):
        with open_suite(suite, settings(tmp_path)):
            pass


def test_a_draft_is_loaded_and_not_asked(tmp_path: Path) -> None:
    cases = "- {id: a, question: q, draft: true, expected: {refuse: true}}"
    suite = load_suite(str(write_suite(tmp_path, cases)))
    assert (len(suite.cases), suite.accepted) == (1, ())


def test_jsonl_and_yaml_say_the_same(tmp_path: Path) -> None:
    write_suite(tmp_path, "", head="documents: ['*.md']\ncases: [cases.yaml, more.jsonl]\n")
    case = {"id": "a", "question": "When?\u2028Now?", "expected": {"answer": ["9:40"]}}
    (tmp_path / "more.jsonl").write_text(json.dumps(case, ensure_ascii=False) + "\n\n")
    [loaded] = load_suite(str(tmp_path)).cases
    assert loaded == Case.model_validate(case)
    (tmp_path / "cases.yaml").write_text(case_text(loaded))
    (tmp_path / "more.jsonl").write_text("")
    assert load_suite(str(tmp_path)).cases == (loaded,)


def test_a_file_of_cases_alone_is_a_suite_over_the_users_store(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    file.write_text('{"id": "a", "question": "When?", "expected": {"refuse": true}}\n')
    suite = load_suite(str(file))
    assert suite.name == "mine"
    assert suite.on_own_store


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (
            "{id: a, question: q, expected: {refuse: true, answer: [b]}}",
            "both 'refuse: true' and an answer",
        ),
        ("{id: a, question: q, expected: {answer: ['  ']}}", "an empty string"),
        ("{id: a, question: '', expected: {refuse: true}}", "case a.question"),
        ("{question: q, expected: {refuse: true}}", "case number 1.id"),
        ("{id: a, question: q, history: [{role: god, content: x}], expected: {}}", "history"),
        ("[1, 2]", "case number 1"),
    ],
)
def test_a_mistake_in_a_case_is_one_sentence(tmp_path: Path, case: str, told: str) -> None:
    with pytest.raises(SuiteError, match=told) as raised:
        load_suite(str(write_suite(tmp_path, f"- {case}")))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["c.jsonl", "c.yaml"])
def test_a_file_nested_too_deeply_is_told_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("[" * 3_000)
    with pytest.raises(SuiteError, match="nested too deeply"):
        load_suite(str(tmp_path / name))


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text('{"id": 1}\n{"id"\n')
    with pytest.raises(SuiteError, match="line 2, is not JSON"):
        load_suite(str(tmp_path / "c.jsonl"))


def test_the_bundled_suites_are_known_by_name() -> None:
    assert {"article", "article-copy"} <= set(bundled_suites())


def example_run() -> Run:
    result = CaseResult(
        id="a",
        question="When?",
        history=(("user", "Hello"),),
        tags=("fact",),
        expected={"answer": ["9:40"]},
        gold=(GoldPlace(document_id="d", start=0, end=3, text="The"),),
        scores={"right": Score(value=1.0, why="it is"), "mrr": Score(value=None, why="no gold")},
        verdicts=((0.5, True),),
    )
    return Run(head=RunHead(suite="s"), results=(result,))


def test_a_saved_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    save_run(example_run(), tmp_path / "deep" / "run.json")
    assert load_run(tmp_path / "deep" / "run.json") == example_run()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["run.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 99}', "[" * 5000])
def test_what_is_no_saved_run_is_told_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(SuiteError, match="is not a saved run"):
        load_run(tmp_path / "run.json")
