"""The benchmark of questions that fit several things, and of overviews, on tiny made files."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmark_runs import values, write_lines

from benchmarks.overviews import meetings, papers
from chatbot import Settings
from evals.benchmarks.formulas import rouge_n
from evals.benchmarks.registry import find_benchmark, run_benchmark

MILLS = {
    "Ost Mill": "The mill grinds rye on Mondays. Its wheel was made of oak.",
    "West Mill": "The mill grinds oats on Fridays. Its wheel was made of elm.",
}


def row(question: str, label: str, *titles: str) -> dict[str, object]:
    return {
        "Collection": "mills",
        "answerability": [label],
        "input": [
            {"speaker": "user", "text": "Hello!"},
            {"speaker": "agent", "text": "Hello."},
            {"speaker": "user", "text": question},
        ],
        "contexts": [
            {"document_id": f"{title}-0", "title": title, "text": MILLS[title]} for title in titles
        ],
    }


def test_what_is_asked_back_counts_for_the_question_that_humans_call_underspecified(
    tmp_path: Path,
) -> None:
    path = write_lines(
        tmp_path / "reference.jsonl",
        row("What does the mill grind?", "UNDERSPECIFIED", *MILLS),
        row("What does the Ost Mill grind?", "ANSWERABLE", "Ost Mill"),
        row("Who painted the chapel in Rome?", "UNANSWERABLE"),
        row("What is its name?", "UNDERSPECIFIED"),  # without passages: left out
    )
    run = run_benchmark(find_benchmark("mtrag-un"), path, Settings())
    assert run.sample is not None
    assert run.sample.cases == 3
    assert values(run) == {
        "underspecified: asked back or each shown": 1.0,
        "answerable: asked back or several shown": 0.0,
        "asked back with choices": 0.0,
        "unanswerable refused": 1.0,
    }


def test_rouge_counts_runs_of_words_once_each() -> None:
    assert rouge_n("the oak wheel", "The oak wheel turns", 1) == pytest.approx(6 / 7)
    assert rouge_n("the oak wheel", "The oak wheel turns", 2) == pytest.approx(4 / 5)
    assert rouge_n("the the the", "the oak", 1) == pytest.approx(2 / 5)
    assert rouge_n("", "the oak", 2) == 0.0


def test_papers_are_read_without_their_abstracts_and_meetings_by_their_turns(
    tmp_path: Path,
) -> None:
    paper = tmp_path / "scisumm-corpus/data/Training-Set-2019/Task2/From-ScisummNet-2019/X1"
    (paper / "summary").mkdir(parents=True)
    (paper / "Reference_XML").mkdir()
    (paper / "summary/X1.scisummnet_human.txt").write_text("On mills\nMills grind.\n")
    (paper / "Reference_XML/X1.xml").write_text(
        "<PAPER><S>On mills</S><ABSTRACT><S>All of it.</S></ABSTRACT>"
        '<SECTION title="1 Rye"><S>Rye is ground.</S><S>It is sold.</S></SECTION>'
        '<SECTION title="2 Oats"><S>Oats are eaten.</S></SECTION></PAPER>'
    )
    (text,) = papers(tmp_path)
    assert (text.summary, text.dev) == ("Mills grind.", True)
    assert text.markdown == (
        "# On mills\n\n## 1 Rye\n\nRye is ground. It is sold.\n\n## 2 Oats\n\nOats are eaten."
    )
    (tmp_path / "qmsum").mkdir()
    write_lines(
        tmp_path / "qmsum/test.jsonl",
        {
            "meeting_transcripts": [{"speaker": "Ada", "content": "We start."}],
            "general_query_list": [{"query": "Summarize it.", "answer": "They start."}],
        },
    )
    (meeting,) = meetings(tmp_path)
    assert (meeting.markdown, meeting.summary, meeting.dev) == (
        "Ada: We start.",
        "They start.",
        False,
    )
