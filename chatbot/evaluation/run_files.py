"""Where runs are kept, and how one is named on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chatbot.errors import SuiteError
from chatbot.evaluation.baselines import load_baseline
from chatbot.evaluation.saved_run import Run, load_run, save_run
from chatbot.evaluation.suite_files import load_suite
from chatbot.settings import Settings

_UNFINISHED = "unfinished.json"
_BASELINE = "@baseline"


def runs_dir(settings: Settings) -> Path:
    """Return the folder of saved runs: beside the data directory, which is the store's alone."""
    return settings.data_dir.with_name(f"{settings.data_dir.name}-runs")


def keep(run: Run, settings: Settings) -> Path:
    """Save a run under its suite; an unfinished one where ``unfinished`` finds it."""
    folder = runs_dir(settings) / run.head.suite
    if not run.complete:
        save_run(run, folder / _UNFINISHED)
        return folder / _UNFINISHED
    stem = run.head.started.replace(":", "").replace("+0000", "Z")
    path, number = folder / f"{stem}.json", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.json"
    save_run(run, path)
    (folder / _UNFINISHED).unlink(missing_ok=True)
    return path


def unfinished(suite: str, settings: Settings) -> Run | None:
    """Return the interrupted run of a suite, None where there is none."""
    path = runs_dir(settings) / suite / _UNFINISHED
    return load_run(path) if path.is_file() else None


def latest(suite: str, settings: Settings) -> Run | None:
    """Return the newest complete run of a suite, None where there is none."""
    files = _files(suite, settings)
    return load_run(files[-1]) if files else None


def suites_with_runs(settings: Settings) -> list[str]:
    """Return the names of the suites that have a saved run, sorted."""
    folder = runs_dir(settings)
    found = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [name for name in found if _files(name, settings)]


def find_run(name: str, settings: Settings) -> Run:
    """Return a run by a file, by a suite's name (its newest run) or by ``SUITE@baseline``.

    Raises:
        SuiteError: if there is none.
    """
    if name.endswith(_BASELINE):
        suite = load_suite(name.removesuffix(_BASELINE))
        baseline = load_baseline(suite)
        if baseline is None:
            raise SuiteError(
                f"No run of {suite.name} has been accepted yet: `chatbot eval accept {suite.name}`."
            )
        return baseline
    if Path(name).is_file():
        return load_run(Path(name))
    suite_name = _suite_name(name)
    run = latest(suite_name, settings)
    if run is None:
        raise SuiteError(
            f"{name} is neither a file of a run nor a suite with a saved run; "
            f"`chatbot eval {name}` makes one."
        )
    return run


def _suite_name(name: str) -> str:
    folder = Path(name)
    return load_suite(name).name if (folder / "suite.yaml").is_file() else folder.name


def _files(suite: str, settings: Settings) -> list[Path]:
    folder = runs_dir(settings) / suite
    return sorted(_runs_in(folder), key=lambda path: (path.stat().st_mtime, path.name))


def _runs_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("*.json") if path.name != _UNFINISHED)
