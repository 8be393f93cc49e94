"""Where runs are kept: each under its suite, and the accepted one beside the suite itself.

A baseline is a saved run made small: scores without explanations, answers as text.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import scorer_of
from chatbot.evaluation.saved_run import CaseResult, Run, load_run, save_run
from chatbot.evaluation.scoring import Score
from chatbot.evaluation.suites import Suite, load_suite
from chatbot.settings import Settings

_UNFINISHED = "unfinished.json"
_BASELINE = "@baseline"


def _baseline_path(suite: Suite, mode: str) -> Path:
    """Return where the baseline of a suite lies; each model has one of its own."""
    if mode == "extractive":
        return suite.folder / "baseline.json"
    plain = "".join(char if char.isalnum() or char in "._-" else "-" for char in mode)
    return suite.folder / f"baseline.{plain}.json"


def load_baseline(suite: Suite, mode: str = "extractive") -> Run | None:
    """Return the accepted run, None where none was accepted yet."""
    path = _baseline_path(suite, mode)
    run = load_run(path) if path.is_file() else None
    return run if run is not None and run.head.suite == suite.name else None


def accept(run: Run, suite: Suite) -> Path:
    """Make a complete run the baseline of its suite, else a SuiteError; return the file."""
    if run.head.suite != suite.name:
        raise SuiteError(f"The run is of {run.head.suite}, not of {suite.name}.")
    if not run.complete:
        raise SuiteError(f"The run of {suite.name} was interrupted, so it cannot be a baseline.")
    if run.failed:
        raise SuiteError(f"Case {run.failed[0].id} failed, so this run cannot be a baseline.")
    path = _baseline_path(suite, run.head.mode)
    save_run(replace(run, results=tuple(map(_small, run.results))), path)
    return path


def _small(result: CaseResult) -> CaseResult:
    answer = result.answer or {}
    return CaseResult(
        id=result.id,
        question=result.question,
        tags=result.tags,
        answer={"text": answer.get("text", ""), "refused": answer.get("refused", False)},
        scores={
            name: Score(round(score.value, 12), "")
            for name, score in result.scores.items()
            if score.value is not None and not scorer_of(name).is_cost
        },
        confidence=result.confidence,
        verdicts=result.verdicts,
    )


def is_of_today(run: Run, suite: Suite) -> bool:
    """Return whether a run asked the cases that the suite has now."""
    return run.keys == {(case.id, case.question) for case in suite.accepted}


def runs_dir(settings: Settings) -> Path:
    """Return the folder of saved runs: beside the data directory, which is the store's alone."""
    return settings.data_dir.with_name(f"{settings.data_dir.name}-runs")


def keep(run: Run, settings: Settings) -> None:
    """Save a run under its suite; an unfinished one where ``unfinished`` finds it."""
    folder = runs_dir(settings) / run.head.suite
    if not run.complete:
        save_run(run, folder / _UNFINISHED)
        return
    stem = run.head.started.replace(":", "").replace("+0000", "Z")
    names = (f"{stem}-{number}.json" if number > 1 else f"{stem}.json" for number in count(1))
    save_run(run, next(folder / name for name in names if not (folder / name).exists()))
    (folder / _UNFINISHED).unlink(missing_ok=True)


def unfinished(suite: str, settings: Settings) -> Run | None:
    """Return the interrupted run of a suite, None where there is none."""
    path = runs_dir(settings) / suite / _UNFINISHED
    return load_run(path) if path.is_file() else None


def suites_with_runs(settings: Settings) -> list[str]:
    """Return the names of the suites that have a saved run, sorted."""
    folders = runs_dir(settings).glob("*")
    return sorted(folder.name for folder in folders if _files(folder.name, settings))


def find_run(name: str, settings: Settings) -> Run:
    """Return a run by a file, by a suite's name (its newest run) or by ``SUITE@baseline``."""
    if name.endswith(_BASELINE):
        suite = load_suite(name.removesuffix(_BASELINE))
        if (baseline := load_baseline(suite)) is not None:
            return baseline
        raise SuiteError(
            f"No run of {suite.name} is accepted yet. Run `chatbot eval accept {suite.name}`."
        )
    path = Path(name)
    if path.is_file():
        return load_run(path)
    suite_name = load_suite(name).name if (path / "suite.yaml").is_file() else path.name
    if files := _files(suite_name, settings):
        return load_run(files[-1])
    raise SuiteError(
        f"{name} is neither a file of a run nor a suite with a saved run. "
        f"`chatbot eval {name}` makes one."
    )


def _files(suite: str, settings: Settings) -> list[Path]:
    """Return the complete runs of a suite, the newest last."""
    found = (runs_dir(settings) / suite).glob("*.json")
    complete = (path for path in found if path.name != _UNFINISHED)
    return sorted(complete, key=lambda path: (path.stat().st_mtime, path.name))
