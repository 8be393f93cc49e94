"""Benchmarks of the check, of follow-ups and of attacks on tiny made files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmark_bots import Guessing, Knowing
from benchmark_runs import measured, values, write_lines

from chatbot.types import RetrievedSentence, Turn, Verdict
from evals.benchmarks.ragtruth import source_text

SOURCE = "The ferry leaves at nine."
TRUE = "It leaves at nine."
FALSE = "It is red."
HALLUCINATED = f"{TRUE} {FALSE}"


# RAGTruth


def ragtruth_row(number: int, *, bad: bool, split: str = "train") -> dict[str, object]:
    text = HALLUCINATED if bad else TRUE
    label = {"start": text.find(FALSE), "end": len(text), "label_type": "Evident Conflict"}
    return {
        "source_id": str(number), "task": "Summary" if number % 4 < 2 else "QA", "source": SOURCE,
        "response": text, "labels": [label] if bad else [], "split": split,
    }  # fmt: skip


@pytest.fixture
def ragtruth(tmp_path: Path) -> Path:
    rows = [ragtruth_row(number, bad=bool(number % 2)) for number in range(120)]
    return write_lines(tmp_path / "train.jsonl", *rows)


def test_ragtruth_of_a_check_that_knows(ragtruth: Path) -> None:
    run = measured("ragtruth", ragtruth, lambda: Knowing(false=[FALSE]))
    found = values(run)
    for task in ("all", "QA", "Summary"):
        for measure in ("answer F1, as shipped", "answer AUROC", "claim AUROC", "answer F1"):
            assert found[f"{task}: {measure}"] == 1.0
    assert found["all: span F1, by characters"] == 1.0
    assert found["Data2txt: answer F1"] == -1
    assert run.sample is not None
    assert 10 < run.sample.cases < 40  # a fifth of the sources
    assert f"thresholds from {120 - run.sample.cases} other train responses" in run.notes[0]


def test_ragtruth_of_a_check_that_guesses(ragtruth: Path, tmp_path: Path) -> None:
    rows = [ragtruth_row(number, bad=bool(number % 2)) for number in range(400)]
    found = values(measured("ragtruth", write_lines(tmp_path / "many.jsonl", *rows), Guessing))
    assert 0.35 < found["all: claim AUROC"] < 0.65


def test_calling_everything_hallucinated_costs_precision(ragtruth: Path) -> None:
    found = values(measured("ragtruth", ragtruth, lambda: Knowing(false=["It"])))
    assert found["all: answer recall"] == 1.0
    assert found["all: answer precision"] < 0.8
    assert found["all: answer AUROC"] == 0.5


def test_ragtruth_measures_on_test_rows_where_there_are_any(tmp_path: Path) -> None:
    train = [ragtruth_row(number, bad=bool(number % 2)) for number in range(10)]
    test = [ragtruth_row(n, bad=bool(n % 2), split="test") for n in range(100, 104)]
    sources = [
        {"source_id": row["source_id"], "task_type": row["task"], "source_info": row.pop("source")}
        for row in (*train, *test)
    ]
    write_lines(tmp_path / "source_info.jsonl", *sources)
    write_lines(tmp_path / "response.jsonl", *train, *test)
    run = measured("ragtruth", tmp_path, lambda: Knowing(false=[FALSE]))
    assert run.sample is not None
    assert (run.sample.cases, run.notes[0][:17]) == (4, "Measured on test;")
    assert values(run)["all: answer F1"] == 1.0


def test_structured_data_becomes_lines() -> None:
    business = {"name": "Subway", "hours": {"Monday": "9-22"}, "music": None, "tags": ["a", "b"]}
    assert source_text(business) == "name: Subway\nhours Monday: 9-22\ntags: a\ntags: b"
    assert source_text({"question": "q", "passages": "passage 1:One.\n\npassage 2:Two."}) == (
        "One.\n\nTwo."
    )


# FaithBench


def faithbench_sample(labels: list[str], text: str = HALLUCINATED) -> dict[str, object]:
    start = text.find(FALSE)
    span = {"summary_span": FALSE, "summary_start": start, "summary_end": len(text)}
    annotations = [{"annot_id": 1, "label": [label], "note": "", **span} for label in labels]
    return {"sample_id": 0, "source": SOURCE, "summary": text, "annotations": annotations}


def test_faithbench_by_hand(tmp_path: Path) -> None:
    samples = [
        faithbench_sample(["Unwanted", "Unwanted.Intrinsic"]),
        faithbench_sample(["Benign", "Unwanted.Extrinsic"]),
        faithbench_sample(["Questionable"]),  # does not count, but is called so
        faithbench_sample([], TRUE),
    ]
    (tmp_path / "batch_1.json").write_text(json.dumps({"samples": samples[:2]}))
    (tmp_path / "batch_2.json").write_text(json.dumps({"samples": samples[2:]}))
    run = measured("faithbench", tmp_path, lambda: Knowing(false=[FALSE]))
    found = values(run)
    assert found["hallucinated: recall"] == 1.0
    assert found["hallucinated: precision"] == pytest.approx(2 / 3)
    assert found["balanced accuracy"] == pytest.approx((1 + 1 / 2) / 2)
    assert found["macro F1"] == pytest.approx((4 / 5 + 2 / 3) / 2)
    assert run.notes == ("2 of 4 summaries hold an unwanted hallucination.",)


def test_faithbench_without_one_kind_is_unscored(tmp_path: Path) -> None:
    (tmp_path / "batch_1.json").write_text(json.dumps({"samples": [faithbench_sample([], TRUE)]}))
    found = values(measured("faithbench", tmp_path, Knowing))
    assert found["balanced accuracy"] == found["AUROC"] == -1


# FaithJudge


def faithjudge_rows(folder: Path, family: str, task: str, *said: tuple[str, str, str]) -> None:
    name = f"o3-mini_{task}_hallucination_eval.txt"
    rows = [
        {"source_id": source, "candidate_text": text, "classification": judged}
        for source, text, judged in said
    ]
    write_lines(folder / "eval_results" / family / "model" / name, *rows)


def test_faithjudge_by_hand(tmp_path: Path) -> None:
    sources = [{"source_id": str(number), "source": SOURCE} for number in range(40)]
    for name in ("faithbench_summary", "ragtruth_qa"):
        write_lines(tmp_path / "eval_data" / f"{name}.jsonl", *sources)
    faithjudge_rows(
        tmp_path,
        "Qwen",
        "faithbench-summary",
        ("0", HALLUCINATED, "Inconsistent"),
        ("1", TRUE, "Consistent"),
        ("2", TRUE, "Invalid"),
    )
    every = [(str(number), TRUE, "Consistent") for number in range(40)]
    faithjudge_rows(tmp_path, "xai", "ragtruth-qa", *every, ("3", HALLUCINATED, "Inconsistent"))
    run = measured("faithjudge", tmp_path, lambda: Knowing(false=[FALSE]))
    found = values(run)
    assert found["Qwen: AUROC"] == found["faithbench-summary: AUROC"] == 1.0
    assert found["Qwen: balanced accuracy, as shipped"] == 1.0
    assert found["openai: AUROC"] == -1
    assert run.sample is not None
    assert 2 < run.sample.cases < 25, "sources that the check was trained on are left out"


# WiCE


@pytest.fixture
def wice(tmp_path: Path) -> Path:
    page = [f"Line {number} says." for number in range(30)]
    page[7], page[21] = "The ferry leaves at nine.", "The mill is old."
    rows = [
        {"label": label, "claim": claim, "evidence": page, "supporting_sentences": gold}
        for label, claim, gold in (
            ("supported", "It leaves at nine and the mill is old.", [[7, 21], [3]]),
            ("partially_supported", "It leaves at nine and is red.", [[7]]),
            ("not_supported", "It sank.", []),
        )
    ]
    return write_lines(tmp_path / "test.jsonl", *rows)


def knowing_wice() -> Knowing:
    return Knowing(
        {
            "It leaves at nine and the mill is old.": ["leaves at nine", "mill is old"],
            "It leaves at nine and is red.": ["leaves at nine"],
        },
        verdicts={
            "mill is old": Verdict.SUPPORTED,
            "is red": Verdict.PARTLY,
            "sank": Verdict.UNSUPPORTED,
        },
        supports={"mill": [7, 21], "red": [7]},
    )


def test_wice_of_a_check_that_knows(wice: Path) -> None:
    run = measured("wice", wice, knowing_wice)
    assert set(values(run).values()) == {1.0}
    assert run.notes == ("1 supported, 1 partially_supported, 1 not_supported",)


def test_wice_of_a_check_that_believes_everything(wice: Path) -> None:
    found = values(measured("wice", wice, Knowing))
    assert found["three-way accuracy"] == pytest.approx(1 / 3)
    assert found["three-way macro F1"] == pytest.approx((1 / 2 + 0 + 0) / 3)
    assert found["F1 of supported"] == pytest.approx(1 / 2)
    assert found["AUROC of supported"] == 0.5
    assert found["supporting sentences: F1 of the check"] == 0.0


def test_wice_of_a_search_that_guesses(wice: Path) -> None:
    row = json.loads(wice.read_text().splitlines()[1])
    write_lines(wice, *({**row, "evidence": [*row["evidence"], f"{n}."]} for n in range(50)))
    found = values(measured("wice", wice, Guessing))
    assert found["supporting sentences: recall of 5 searched"] < 0.45  # 5 of 31


# Follow-ups


class Rewriting(Knowing):
    """Makes the query of the map, and finds the sentences that have most of its words."""

    def __init__(self, queries: dict[str, str]) -> None:
        super().__init__(queries=queries)
        self.histories: list[tuple[Turn, ...]] = []

    def choose(
        self, question: str, sentences: list[RetrievedSentence]
    ) -> list[RetrievedSentence] | None:
        asked = set(self.query(question).lower().split())
        return sorted(sentences, key=lambda one: -len(asked & set(one.text.lower().split())))


REWRITES = {
    "where does it stop": "where does the ferry stop",
    "and how long": "how long does the ferry take",
    "when did it burn": "when did the mill burn",
}


def mtrag_rows() -> list[dict[str, str]]:
    return [
        {
            "questions_so_far": f"|user|: tell me of ferry and mill\n|user|: {last}",
            "human_rewrite": f"|user|: {rewrite}",
        }
        for last, rewrite in REWRITES.items()
    ] + [{"questions_so_far": "|user|: first", "human_rewrite": "|user|: first"}]


def test_mtrag_of_a_bot_that_rewrites_like_the_human(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", *mtrag_rows())
    run = measured("mtrag", path, lambda: Rewriting(REWRITES))
    found = values(run)
    assert run.sample is not None
    assert run.sample.cases == 3  # a first question follows nothing up
    assert found["our query: R@1"] == found["human rewrite: R@1"] == 1.0
    assert found["our query: word F1 to the rewrite"] == 1.0
    assert found["our query is other than the question"] == 1.0
    assert run.notes == ("The pool is 3 texts.",)


def test_mtrag_of_a_bot_that_leaves_questions_as_they_are(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", *mtrag_rows())
    found = values(measured("mtrag", path, lambda: Rewriting({})))
    assert found["our query: R@1"] == found["last question: R@1"]
    assert found["our query: word F1 to the rewrite"] < 1.0


def test_mtrag_reads_the_official_pairs_of_files(tmp_path: Path) -> None:
    folder = tmp_path / "clapnq"
    rows = mtrag_rows()
    write_lines(
        folder / "clapnq_questions.jsonl",
        *({"_id": str(at), "text": row["questions_so_far"]} for at, row in enumerate(rows)),
    )
    write_lines(
        folder / "clapnq_rewrite.jsonl",
        *({"_id": str(at), "text": row["human_rewrite"]} for at, row in enumerate(rows)),
    )
    assert values(measured("mtrag", tmp_path, lambda: Rewriting(REWRITES)))["our query: R@1"] == 1.0
