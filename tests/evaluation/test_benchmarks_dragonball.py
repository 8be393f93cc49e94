"""DRAGONBall: references cited, and the unsolvable refused, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmark_bots import CitingAll, Knowing
from benchmark_runs import measured, values, write_lines

from tests.evaluation.test_benchmarks_answers import FERRY, MILL


@pytest.fixture
def dragonball(tmp_path: Path) -> Path:
    folder = tmp_path / "dragonball"
    write_lines(
        folder / "dragonball_docs.jsonl",
        {"domain": "Law", "language": "en", "doc_id": 1, "content": FERRY},
        {"domain": "Law", "language": "en", "doc_id": 2, "content": MILL},
        {"domain": "Law", "language": "zh", "doc_id": 3, "content": "轮渡九点出发。"},
    )

    def row(
        question: str, kind: str, answer: str, references: list[str], documents: list[int]
    ) -> dict[str, object]:
        truth = {"doc_ids": documents, "content": answer, "references": references}
        return {
            "language": "zh" if 3 in documents else "en",
            "query": {"query_id": 1, "query_type": kind, "content": question},
            "ground_truth": truth,
        }

    write_lines(
        folder / "dragonball_queries.jsonl",
        row("When?", "Factual Question", "At nine", ["The ferry leaves at nine."], [1]),
        row("Both?", "Multi-hop Reasoning Question", "Nine and 1840",
            ["The ferry leaves at nine.", "The mill was built in 1840."], [1, 2]),
        row("Who?", "Irrelevant Unsolvable Question", "Unable to answer", [], [1]),
        row("什么?", "Factual Question", "九点", ["轮渡九点出发。"], [3]),
    )  # fmt: skip
    return folder


def test_dragonball_by_hand(dragonball: Path) -> None:
    knowing = Knowing({"When?": ["leaves at nine"], "Both?": ["leaves at nine"], "Who?": None})
    run = measured("dragonball", dragonball, lambda: knowing)
    found = values(run)
    assert run.cases == 3  # the English ones
    assert found["references cited: recall"] == pytest.approx((1 + 1 / 2) / 2)
    assert found["references cited: precision"] == 1.0
    assert found["unsolvable refused"] == 1.0
    assert found["solvable refused"] == 0.0


def test_citing_every_document_costs_precision(dragonball: Path) -> None:
    found = values(measured("dragonball", dragonball, CitingAll))
    assert found["references cited: recall"] == 1.0
    assert found["references cited: precision"] == pytest.approx((1 / 6 + 2 / 6) / 2)
    assert found["unsolvable refused"] == 0.0
