"""The suites as Inspect AI tasks: run by Inspect itself, offline, with every score explained."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmark_runs import write_lines
from evaluation_helpers import CASES, answer, write_suite
from inspect_ai.log import EvalLog

from chatbot.evaluation import load_suite
from chatbot.evaluation.scorers import SCORERS
from evals.benchmarks import find_benchmark
from evals.tasks import benchmark, shown, suite

pytestmark = pytest.mark.slow


SCRIPT = """
import sys
from pytest_socket import socket_allow_hosts
socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
from inspect_ai import eval as inspect_eval
from evals.benchmarks import find_benchmark
from evals.tasks import suite
[log] = inspect_eval(
    suite(sys.argv[1]), model="none/none", log_dir=sys.argv[2], display="none",
    log_format="json", sample_id=["time", "physician"],
)
print(log.location)
"""


def test_inspect_runs_a_suite_offline_and_its_log_shows_everything(tmp_path: Path) -> None:
    folder = write_suite(tmp_path / "ferry", CASES)
    # In a process of its own: Inspect sets up logging and event loops for the whole process.
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), str(tmp_path / "logs")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=os.environ | {"CHATBOT_DATA_DIR": str(tmp_path / "data")},
    )
    assert done.returncode == 0, done.stderr
    [file] = (tmp_path / "logs").glob("*.json")
    log = EvalLog.model_validate_json(file.read_text(encoding="utf-8"))
    assert log.status == "success", log.error
    samples = {str(sample.id): sample for sample in log.samples or ()}
    time = samples["time"]
    assert "9:40" in time.output.completion
    assert "- quoted (1.00): " in time.output.completion
    assert "- \\[1\\] The ferry leaves" in time.output.completion
    assert time.scores
    assert set(time.scores) == set(SCORERS)
    assert all(score.explanation for score in time.scores.values())
    assert time.scores["right"].value == 1.0
    refused = samples["physician"].scores
    assert refused
    assert math.isnan(float(refused["citation_f1"].value))  # type: ignore[arg-type]
    assert refused["refusal_recall"].value == 1.0
    assert log.results
    found = {score.name: score for score in log.results.scores}
    assert (found["citation_f1"].scored_samples, found["citation_f1"].unscored_samples) == (1, 1)
    assert found["right"].metrics["mean"].value == 1.0


def test_a_task_has_the_accepted_cases_of_its_suite(tmp_path: Path) -> None:
    cases = CASES + "- {id: draft, question: q, draft: true}\n"
    folder = str(write_suite(tmp_path / "ferry", cases))
    task = suite(folder)
    assert [sample.id for sample in task.dataset] == [c.id for c in load_suite(folder).accepted]


def test_a_benchmark_is_a_task_with_its_cases_and_scorers(tmp_path: Path) -> None:
    row = {
        "title": "Ferry", "context": "The ferry leaves at nine.", "question": "When?",
        "answers": [{"text": "nine", "start": 20}], "impossible": False,
    }  # fmt: skip
    path = write_lines(tmp_path / "dev.jsonl", row, {**row, "question": "Who?", "impossible": True})
    task = benchmark("squad2", str(path))
    assert [sample.input[0].text for sample in task.dataset] == ["When?", "Who?"]  # type: ignore[union-attr]
    assert [sample.target for sample in task.dataset] == [["nine"], "(a refusal)"]
    assert len(task.scorer or ()) == len(find_benchmark("squad2").adapter.scorers)


def test_what_a_case_says_is_inert_in_the_viewer() -> None:
    text = shown(answer("![x](https://evil.example/) <script>alert(1)</script>", 0))
    assert "![" not in text
    assert "<script" not in text.replace("\\<", "")
