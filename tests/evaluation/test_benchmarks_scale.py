"""The commands that measure large stores and compare with others, at a size that takes seconds."""

from __future__ import annotations

import gzip
import json
import random
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import page, plot, side_by_side
from benchmarks.corpus import compose, distinct_paragraphs, write_files
from benchmarks.growth import Growth, percentile, table, write_report
from benchmarks.homes import other_answers
from benchmarks.int8_limit import product_model
from chatbot.evaluation import CaseResult, Run, RunHead

WORDS = "river bridge market council harbour winter railway teacher museum village".split()


def texts(folder: Path) -> Path:
    chance = random.Random(0)
    rows = []
    for number in range(12):
        sentences = [
            f"In {1900 + number} the {chance.choice(WORDS)} of {name} had {number + 3} doors and "
            f"a {chance.choice(WORDS)} near Lake {name}."
            for name in ("Albany", "Dunmore", "Castlebar", "Ennis")
        ]
        rows.append(json.dumps({"context": " ".join(sentences), "question": "What is it?"}))
    (folder / "texts").mkdir()
    with gzip.open(folder / "texts" / "rows.jsonl.gz", "wt") as file:
        file.write("\n".join(rows + rows))
    (folder / "texts" / "squad2.jsonl").write_text(json.dumps({"context": "secret " * 60}))
    return folder / "texts"


def test_a_corpus_has_the_distinct_paragraphs_and_then_recombined_ones(tmp_path: Path) -> None:
    found = distinct_paragraphs(texts(tmp_path), without=["squad2"])
    assert len(found) == 12
    corpus = compose(found, count=40, seed=3)
    assert len(set(corpus)) == 40
    assert set(corpus[:12]) == set(found)
    assert compose(found, count=40, seed=3) == corpus != compose(found, count=40, seed=4)
    known = {word for text in found for word in text.split()}
    assert any(word not in known for text in corpus[12:] for word in text.split())  # renumbered
    assert write_files(corpus, tmp_path / "out", per_file=7) == 6
    read = [p.read_text().rstrip("\n") for p in sorted((tmp_path / "out").rglob("*.txt"))]
    assert "\n\n".join(read).split("\n\n") == corpus


def growth(paragraphs: int, p95: float) -> Growth:
    return Growth(
        paragraphs=paragraphs, documents=paragraphs // 10, sentences=5 * paragraphs,
        chunks=paragraphs, disk_mb=paragraphs / 100, start_mb=150 + paragraphs / 500,
        asked_mb=160 + paragraphs / 500, open_seconds=1, median_ms=p95 / 2, p95_ms=p95,
        most_ms=2 * p95, cpu_ms=p95, person_p95_ms=p95, asked=9, ingest_seconds=paragraphs / 100,
        ingest_cpu_seconds=paragraphs / 55, ingest_peak_mb=300,
    )  # fmt: skip


def test_the_report_on_growth_has_every_size(tmp_path: Path) -> None:
    sizes = [growth(1_000, 9), growth(10_000, 20), growth(100_000, 50)]
    write_report(sizes, tmp_path)
    assert (
        "| 100,000 | 500,000 | 100,000 | 25.0, 50.0, 100 |" in (tmp_path / "growth.md").read_text()
    )
    assert table(sizes).count("\n") == 5
    assert table([replace(sizes[0], resumed=True)]).count("not timed") == 1
    assert [row["p95_ms"] for row in json.loads((tmp_path / "growth.json").read_text())] == [
        9,
        20,
        50,
    ]
    points = ElementTree.parse(tmp_path / "growth.svg").getroot().iter()
    assert sum(one.tag.endswith("circle") for one in points) == 9
    assert percentile([3, 1, 2], 0.95) == 3


def test_both_homes_stand_side_by_side(tmp_path: Path) -> None:
    sizes = [growth(1_000, 9), growth(10_000, 20)]
    servers = [replace(size, home="servers", servers_cpu_ms=4.0) for size in sizes]
    write_report([*sizes, *servers], tmp_path)
    assert "| servers | 10,000 |" in (tmp_path / "growth.md").read_text()
    assert "20.0, 4.0 |" in (tmp_path / "growth.md").read_text()
    assert "moved in 100" in (tmp_path / "growth.md").read_text()
    assert (tmp_path / "growth.svg").read_text().count("<polyline") == 6


def run_of(*texts: str) -> Run:
    results = (
        CaseResult(id=str(n), question="q", answer={"text": text, "citations": []})
        for n, text in enumerate(texts)
    )
    return Run(head=RunHead(suite="s"), results=tuple(results), complete=True, seconds=1.0)


def test_answers_that_are_not_the_same_in_both_homes_are_counted() -> None:
    assert other_answers(run_of("a", "b"), run_of("a", "b")) == 0
    assert other_answers(run_of("a", "b"), run_of("a", "c")) == 1


def test_plots_hold_any_name() -> None:
    bars = plot.bar_plot([("a <b> & c", [("<script>", 1.0), ("none", 0.0)])], title='"quoted"')
    assert ElementTree.fromstring(bars) is not None
    line = plot.Series(name="<i>", points=[(10, 0.5), (100, 5)])
    assert ElementTree.fromstring(plot.log_plot([line], title="t", x="x", y="y")) is not None


def test_the_page_says_what_is_missing_and_shows_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, docs = tmp_path / "bench", tmp_path / "docs"
    monkeypatch.setattr(
        sys, "argv", ["page", "--bench", str(bench), "--scale", str(bench), "--docs", str(docs)]
    )
    page.main()
    assert (docs / "performance.md").read_text().count("Not measured yet.") == 3
    bench.mkdir()
    figures = {name: 1.0 for name, _, _ in page.FIGURES}
    sides = {
        name: {"install_mb": 10, "runs": [figures | {"ingest_s": s} for s in seconds]}
        for name, seconds in (("ours", (2, 3)), ("other", (10, 9)))
    }
    report = {
        "machine": "m", "paragraphs": 6, "questions": 3, "sides": sides,
        "left_out": {"third": "it cannot be installed"},
    }  # fmt: skip
    (bench / "side_by_side.json").write_text(json.dumps(report))
    page.main()
    told = (docs / "performance.md").read_text()
    assert "4.0 (3.0, 5.0)" in told
    assert "- third: it cannot be installed" in told
    assert ElementTree.parse(docs / "performance" / "side_by_side.svg") is not None


def test_what_cannot_be_installed_is_left_out_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = side_by_side.SidePlan(name="Other, one", program="x.py", packages=("x",))
    monkeypatch.setattr(side_by_side, "install", lambda *_, **__: "no such package")
    assert side_by_side.install_all([plan], tmp_path, torch="torch") == (
        [],
        {"Other, one": "no such package"},
    )
    assert plan.folder == "other-one"


def test_the_product_written_by_hand_multiplies() -> None:
    import numpy as np
    import onnxruntime

    from benchmarks import int8_limit

    chance = np.random.default_rng(0)
    right = chance.integers(-63, 63, (int8_limit.INNER, int8_limit.COLUMNS), dtype=np.int8)
    left = chance.integers(0, 255, (int8_limit.ROWS, int8_limit.INNER), dtype=np.uint8)
    session = onnxruntime.InferenceSession(product_model(right), providers=["CPUExecutionProvider"])
    (out,) = session.run(None, {"left": left})
    assert (out[7] == left[7].astype(np.int32) @ right.astype(np.int32)).all()
