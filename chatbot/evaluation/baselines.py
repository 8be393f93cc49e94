"""The accepted run of a suite, beside the suite: what every later run is held against.

A baseline is a saved run made small: scores without explanations, answers as text. It is data to be
committed, so it stands one case a line.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from chatbot.errors import SuiteError
from chatbot.evaluation.cases import Suite
from chatbot.evaluation.measures import is_cost
from chatbot.evaluation.saved_run import CaseResult, Run, load_run
from chatbot.evaluation.scoring import Score

NAME = "baseline.json"


def baseline_path(suite: Suite, mode: str = "extractive") -> Path:
    """Return where the baseline of a suite lies; each model has one of its own."""
    if mode == "extractive":
        return suite.folder / NAME
    plain = "".join(char if char.isalnum() or char in "._-" else "-" for char in mode)
    return suite.folder / f"baseline.{plain}.json"


def load_baseline(suite: Suite, mode: str = "extractive") -> Run | None:
    """Return the accepted run, None where none was accepted yet.

    Raises:
        SuiteError: if the file is no saved run.
    """
    path = baseline_path(suite, mode)
    if not path.is_file():
        return None
    run = load_run(path)
    return run if run.head.suite == suite.name else None


def accept(run: Run, suite: Suite) -> Path:
    """Make a run the baseline of its suite; return the file.

    Raises:
        SuiteError: if the run is incomplete, or of another suite, or cannot be written.
    """
    if run.head.suite != suite.name:
        raise SuiteError(f"The run is of {run.head.suite}, not of {suite.name}.")
    if not run.complete:
        raise SuiteError(f"The run of {suite.name} was interrupted: it cannot be a baseline.")
    failed = [result for result in run.results if result.error]
    if failed:
        raise SuiteError(f"Case {failed[0].id} could not be asked: such a run is no baseline.")
    path = baseline_path(suite, run.head.mode)
    small = Run(head=run.head, results=tuple(map(_small, run.results)), seconds=run.seconds)
    try:
        path.write_text(_lines(small), encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"{path} cannot be written: {error.strerror}.") from error
    return path


def is_of_today(run: Run, suite: Suite) -> bool:
    """Return whether a run asked the cases that the suite has now."""
    asked = {(result.id, result.question) for result in run.results}
    return asked == {(case.id, case.question) for case in suite.accepted}


def _small(result: CaseResult) -> CaseResult:
    answer = result.answer or {}
    return CaseResult(
        id=result.id,
        question=result.question,
        tags=result.tags,
        answer={"text": answer.get("text", ""), "refused": answer.get("refused", False)},
        scores={
            name: Score(value=round(score.value, 12), why="")
            for name, score in result.scores.items()
            if score.value is not None and not is_cost(name)
        },
        confidence=result.confidence,
        verdicts=result.verdicts,
    )


def _lines(run: Run) -> str:
    data = replace(run, results=()).to_dict()
    rows = [json.dumps(item, ensure_ascii=False) for item in run.to_dict()["results"]]
    head = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
        for name, value in data.items()
        if name != "results"
    )
    return f'{{{head},\n"results": [\n' + ",\n".join(rows) + "\n]}\n"
