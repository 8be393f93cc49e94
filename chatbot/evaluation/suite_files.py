"""Suites on disk: found by name or path, read strictly, and written.

A suite is a folder with ``suite.yaml`` and its cases in YAML or JSONL, or one file of cases alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from chatbot.errors import SuiteError
from chatbot.evaluation.cases import Case, Suite
from chatbot.settings import resource_dir


def load_suite(name: str) -> Suite:
    """Load a suite from a folder or a file of cases, or a bundled one by its name.

    Raises:
        SuiteError: if there is none, or if its files do not follow the schema.
    """
    path = Path(name)
    if path.is_file() and path.suffix in (".yaml", ".yml", ".jsonl"):
        return _suite({"name": path.stem}, _read_cases(path), path.parent, name)
    candidates = [path, resource_dir("evals") / name]
    folder = next((folder for folder in candidates if (folder / "suite.yaml").is_file()), None)
    if folder is None:
        known = ", ".join(bundled_suites())
        raise SuiteError(
            f"There is no suite {name}: no folder of that name holds a suite.yaml, "
            f"and the bundled suites are {known}."
        )
    head = _read_yaml(folder / "suite.yaml")
    if not isinstance(head, dict):
        raise SuiteError(f"{folder / 'suite.yaml'} is not a mapping.")
    files = head.pop("cases", "cases.yaml")
    files = [files] if isinstance(files, str) else files
    if not isinstance(files, list):
        raise SuiteError(f"{folder / 'suite.yaml'}: 'cases' is neither a file nor a list of files.")
    cases = [case for file in files for case in _read_cases(folder / str(file))]
    return _suite(head, cases, folder, name)


def bundled_suites() -> list[str]:
    """Return the names of the suites that ship with the chatbot, sorted."""
    return sorted(path.parent.name for path in resource_dir("evals").glob("*/suite.yaml"))


def case_text(case: Case) -> str:
    """Return a case as YAML, as a person would write it; what is at its default is left out."""
    plain = case.model_dump(mode="json", exclude_defaults=True)
    return str(yaml.safe_dump([plain], sort_keys=False, allow_unicode=True, width=96))


def _suite(head: dict[str, Any], cases: list[object], folder: Path, name: str) -> Suite:
    try:
        suite = Suite.model_validate({**head, "cases": cases, "folder": folder})
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(first["loc"], cases)
        raise SuiteError(f"Suite {name} cannot be loaded: {place}: {first['msg']}.") from error
    for id_, times in Counter(case.id for case in suite.cases).items():
        if times > 1:
            raise SuiteError(f"Suite {suite.name} has two cases with the id {id_}.")
    return suite


def _place(location: tuple[int | str, ...], cases: list[object]) -> str:
    """Return where a mistake is; a case by its id, since nobody counts to the 87th."""
    match location:
        case ("cases", int(at), *rest):
            found = cases[at]
            named = found.get("id") if isinstance(found, dict) else None
            location = (f"case {named or f'number {at + 1}'}", *rest)
    return ".".join(str(part) for part in location)


def _read_cases(path: Path) -> list[object]:
    if path.suffix == ".jsonl":
        return list(json_lines(_read_text(path), path))
    cases = _read_yaml(path) or []
    if not isinstance(cases, list):
        raise SuiteError(f"{path} is not a list of cases.")
    return cases


def json_lines(text: str, path: Path) -> Iterator[object]:
    """Yield what the lines of a text hold; ``path`` is where they are from, for the error."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise SuiteError(f"{path}, line {number}, is not JSON: {error.msg}.") from error
            except RecursionError as error:
                raise SuiteError(f"{path}, line {number}, is nested too deeply.") from error


def _read_yaml(path: Path) -> object:
    try:
        return yaml.safe_load(_read_text(path))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SuiteError(f"{path} is not valid YAML: line {line}: {error.problem}.") from error
    except RecursionError as error:
        raise SuiteError(f"{path} is nested too deeply.") from error
    except yaml.YAMLError as error:
        raise SuiteError(f"{path} is not valid YAML: {str(error).splitlines()[0]}.") from error


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SuiteError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SuiteError(f"{path} is not UTF-8.") from error
