"""Benchmarks of answers on tiny made files: a bot that knows scores 1, others what they deserve."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from benchmark_bots import CitingAll, Guessing, Knowing, Refusing, opening
from benchmark_runs import measured, scored, values, write_lines

from chatbot import Settings
from chatbot.errors import SuiteError
from chatbot.evaluation import Run, RunOptions
from chatbot.evaluation.saved_run import Sample
from evals.benchmarks import BENCHMARKS, run_benchmark

FERRY = "The ferry leaves at nine. It calls at Bygdo. The crossing takes an hour."
MILL = "The mill was built in 1840. It burned twice. It is a museum now."


# ACL-Verbatim


def test_acl_verbatim_counts_the_words_that_were_cited(tmp_path: Path) -> None:
    passages = [
        {"chunk": FERRY, "gold_extraction": ["THE FERRY LEAVES AT NINE."]},  # as some were marked
        {"chunk": MILL, "gold_extraction": []},
    ]
    row = {"query": "ferry departure", "results": passages}
    path = write_lines(tmp_path / "333_made.json", row)
    knows = values(
        measured("acl-verbatim", path, lambda: Knowing({"ferry departure": ["leaves at nine"]}))
    )
    assert knows["word F1"] == knows["unanswerable refused"] == 1.0
    assert knows["answerable refused"] == 0.0
    all_cited = values(measured("acl-verbatim", path, CitingAll))
    assert all_cited["word precision"] == pytest.approx(5 / (14 + 14))
    assert all_cited["word recall"] == 1.0
    assert values(measured("acl-verbatim", path, Refusing))["word F1"] == 0.0


# SQuAD 2.0


def squad_row(context: str, question: str, answer: str | None) -> dict[str, object]:
    answers = [{"text": answer, "start": context.index(answer)}] if answer else []
    return {
        "id": question, "title": "Island", "context": context, "question": question,
        "answers": answers, "impossible": answer is None,
    }  # fmt: skip


SQUAD = (
    squad_row(FERRY, "When does it leave?", "nine"),
    squad_row(MILL, "When was it built?", "1840"),
    squad_row(MILL, "Who owns it?", None),
)
SQUAD_KNOWN = {
    "When does it leave?": ["leaves at nine"],
    "When was it built?": ["built in 1840"],
    "Who owns it?": None,
}
SQUAD_SHORTS = {"When does it leave?": "at nine", "When was it built?": "1840"}


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    path = tmp_path / "squad2" / "dev.jsonl.gz"
    path.parent.mkdir()
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in SQUAD).encode()))
    return path


def test_squad_by_hand(squad: Path) -> None:
    run = measured("squad2", squad, lambda: Knowing(SQUAD_KNOWN, shorts=SQUAD_SHORTS))
    found = values(run)
    assert found["EM"] == pytest.approx(2 / 3)  # "at nine" is not "nine"
    assert found["F1"] == pytest.approx((2 / 3 + 1 + 1) / 3)
    assert found["F1, answerable"] == pytest.approx((2 / 3 + 1) / 2)
    assert found["unanswerable refused"] == 1.0
    assert found["answerable refused"] == 0.0
    assert found["AUROC of answerable"] == 1.0
    assert found["article, searched: sentence R@1"] == 1.0
    assert run.sample == Sample(cases=3, available=3, seed=0)


def test_squad_over_the_article_ranks_what_was_read(squad: Path) -> None:
    found = values(measured("squad2-article", squad, lambda: Knowing(SQUAD_KNOWN)))
    assert found["article, read: sentence R@1"] == 1.0
    everything = values(measured("squad2-article", squad, lambda: CitingAll(SQUAD_KNOWN)))
    assert everything["article, read: sentence R@1"] == 0.5  # its first sentence is right once
    assert everything["article, read: sentence R@5"] == 1.0
    assert everything["unanswerable refused"] == 0.0


def test_refusing_everything_pays_only_for_the_unanswerable(squad: Path) -> None:
    found = values(measured("squad2", squad, Refusing))
    assert found["F1"] == pytest.approx(1 / 3)
    assert found["F1, answerable"] == 0.0
    assert found["AUROC of answerable"] == 0.5
    assert found["answerable refused"] == 1.0


def test_squad_reads_the_official_file(squad: Path, tmp_path: Path) -> None:
    paragraphs = [
        {
            "context": context,
            "qas": [
                {
                    "question": row["question"],
                    "is_impossible": row["impossible"],
                    "answers": [
                        {"text": a["text"], "answer_start": a["start"]}  # type: ignore[index]
                        for a in row["answers"]  # type: ignore[attr-defined]
                    ],
                }
                for row in SQUAD
                if row["context"] == context
            ],
        }
        for context in (FERRY, MILL)
    ]
    path = tmp_path / "dev-v2.0.json"
    path.write_text(json.dumps({"data": [{"title": "Island", "paragraphs": paragraphs}]}))
    make = opening(lambda: Knowing(SQUAD_KNOWN, shorts=SQUAD_SHORTS))
    knowing = RunOptions(workers=1, open_bot=make)
    one, other = (
        run_benchmark(BENCHMARKS["squad2"], data, Settings(), options=knowing)
        for data in (squad, path)
    )
    assert one.measures == other.measures


def test_squad_with_the_real_chatbot(squad: Path) -> None:
    run = run_benchmark(BENCHMARKS["squad2"], squad, Settings(), options=RunOptions(workers=2))
    assert values(run)["article, searched: sentence R@5"] == 1.0
    assert run.head.mode == "extractive"
    assert Run.from_dict(json.loads(json.dumps(run.to_dict()))) == run


# CLAPnq


def clapnq_row(question: str, answers: dict[str, list[int]]) -> dict[str, object]:
    sentences = ["The ferry leaves at nine .", "It calls at Bygdo .", "It takes an hour ."]
    output = [
        {"answer": text, "selected_sentences": [f"{sentences[at]}&" for at in chosen]}
        for text, chosen in answers.items()
    ]
    passage = {"title": "Ferry", "text": " ".join(sentences), "sentences": sentences}
    return {"id": 1, "input": question, "passages": [passage], "output": output or [{"answer": ""}]}


@pytest.fixture
def clapnq(tmp_path: Path) -> Path:
    folder = tmp_path / "clapnq"
    answers = {"The ferry leaves at nine and calls at Bygdo": [0, 1], "At nine": [0]}
    write_lines(folder / "dev_answerable.jsonl", clapnq_row("When?", answers))
    write_lines(folder / "dev_unanswerable.jsonl", clapnq_row("Who?", {}))
    return folder


def test_clapnq_by_hand(clapnq: Path) -> None:
    knowing = Knowing({"When?": ["leaves at nine", "calls at"], "Who?": None})
    found = values(measured("clapnq", clapnq, lambda: knowing))
    assert found["sentence precision"] == found["sentence recall"] == found["sentence F1"] == 1.0
    assert found["ROUGE-L"] == pytest.approx(2 * 8 / (9 + 9))  # "it calls" for "and calls"
    assert found["unanswerable refused"] == 1.0
    assert found["answerable refused"] == 0.0


def test_clapnq_counts_the_annotator_that_fits_best(clapnq: Path) -> None:
    found = values(measured("clapnq", clapnq, lambda: Knowing({"When?": ["leaves at nine"]})))
    assert found["sentence F1"] == 1.0


def test_an_answer_without_marked_sentences_is_answerable_all_the_same(tmp_path: Path) -> None:
    write_lines(tmp_path / "dev_answerable.jsonl", clapnq_row("When?", {"The ferry leaves": []}))
    for knowing in (Knowing({"When?": ["leaves at nine"]}), Refusing()):
        run = measured("clapnq", tmp_path, lambda bot=knowing: bot)
        assert scored(run, "answerable refused") == scored(run, "ROUGE-L") == 1
        assert scored(run, "unanswerable refused") == scored(run, "sentence F1") == 0


def test_citing_the_whole_passage_costs_precision(clapnq: Path) -> None:
    found = values(measured("clapnq", clapnq, CitingAll))
    assert found["sentence recall"] == 1.0
    assert found["sentence precision"] == pytest.approx(2 / 3)
    assert found["unanswerable refused"] == 0.0


def test_refusing_clapnq_has_no_precision_and_no_f1(clapnq: Path) -> None:
    found = values(measured("clapnq", clapnq, Refusing))
    assert found["sentence precision"] == -1
    assert found["sentence F1"] == found["ROUGE-L"] == 0.0
    assert found["answerable refused"] == found["unanswerable refused"] == 1.0


# Chroma's chunking set


@pytest.fixture
def chunking(tmp_path: Path) -> Path:
    folder = tmp_path / "chunking"
    excerpt = "It burned twice."
    write_lines(
        folder / "questions.jsonl",
        {
            "corpus": "mill", "question": "How often did it burn?",
            "references": [{"content": excerpt, "start_index": MILL.index(excerpt)}],
        },
    )  # fmt: skip
    (folder / "mill.md").write_text(MILL + " " + " ".join(f"Line {n} says." for n in range(40)))
    return folder


def test_chunking_by_hand(chunking: Path) -> None:
    knowing = Knowing({"How often did it burn?": ["burned twice"]})
    run = measured("chunking", chunking, lambda: knowing)
    found = values(run)
    # the excerpt, and the first four sentences besides it
    first = (
        len("It burned twice.") + len("The mill was built in 1840.") + len("It is a museum now.")
    )
    first += len("Line 0 says.") + len("Line 1 says.")
    assert found["5 sentences: recall"] == 1.0
    assert found["5 sentences: precision"] == pytest.approx(16 / first)
    assert found["5 sentences: IoU"] == pytest.approx(16 / first)
    assert 0 < found["20 sentences: precision"] < found["5 sentences: precision"]
    assert run.notes == ()


def test_chunking_reads_the_official_table(chunking: Path) -> None:
    table = (
        'question,references,corpus_id\nHow often?,"[{""content"": ""It burned twice.""}]",mill\n'
    )
    (chunking / "questions.jsonl").unlink()
    (chunking / "questions_df.csv").write_text(table)
    found = values(measured("chunking", chunking, lambda: Knowing({"How often?": ["burned"]})))
    assert found["5 sentences: recall"] == 1.0


def test_an_excerpt_that_is_not_in_the_corpus_is_unscored_and_said(chunking: Path) -> None:
    row = {"corpus": "mill", "question": "?", "references": [{"content": "It never burned."}]}
    write_lines(chunking / "questions.jsonl", row)
    run = measured("chunking", chunking, Guessing)
    assert values(run)["5 sentences: recall"] == -1
    [recall, *_] = run.measures
    assert (recall.scored, recall.unscored) == (0, 1)


def test_guessing_finds_little(chunking: Path) -> None:
    question = {"corpus": "mill", "references": [{"content": "It burned twice."}]}
    rows = ({**question, "question": f"Question {n}?"} for n in range(60))
    write_lines(chunking / "questions.jsonl", *rows)
    found = values(measured("chunking", chunking, Guessing))
    assert 0 <= found["5 sentences: recall"] < 0.3  # 5 of 43 sentences
    assert 0 <= found["5 sentences: precision"] < 0.1


def test_a_missing_corpus_is_named(chunking: Path) -> None:
    (chunking / "mill.md").unlink()
    with pytest.raises(SuiteError, match=r"mill\.md is not beside"):
        measured("chunking", chunking, Guessing)
