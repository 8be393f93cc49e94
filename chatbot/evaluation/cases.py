"""Suites and cases as they stand in YAML, loaded strictly. Knows nothing of how they are scored."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chatbot.errors import SuiteError
from chatbot.settings import resource_dir


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseTurn(_Strict):
    """One earlier message of the conversation."""

    role: Literal["user", "assistant"]
    content: str


class Expected(_Strict):
    """What a right answer has: any of ``answer``, cited from ``evidence``; or a refusal."""

    answer: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    """Quoted sentences, word for word; an index would break with the next splitter."""
    refuse: bool = False

    @model_validator(mode="after")
    def _answer_or_refusal(self) -> Expected:
        if self.refuse == bool(self.answer):
            raise ValueError("expected needs either 'answer' or 'refuse: true'")
        return self


class Case(_Strict):
    """One question with what is expected of its answer."""

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    history: tuple[CaseTurn, ...] = ()
    expected: Expected
    tags: tuple[str, ...] = ()


class Suite(_Strict):
    """A named set of cases over documents."""

    name: str
    description: str
    documents: tuple[str, ...] = ()
    """Paths beside ``suite.yaml``, or ``corpus:NAME`` for a bundled document."""
    gates: dict[str, float] = {}
    """The least value a measure may have before the run fails."""
    cases: tuple[Case, ...]
    folder: Path

    def document_paths(self) -> list[Path]:
        """Return the documents as paths.

        Raises:
            SuiteError: if one is missing.
        """
        paths = [
            resource_dir("corpus") / name.removeprefix("corpus:")
            if name.startswith("corpus:")
            else self.folder / name
            for name in self.documents
        ]
        for path in paths:
            if not path.is_file():
                raise SuiteError(
                    f"Suite {self.name} names the document {path.name}, which is not there."
                )
        return paths


def load_suite(name: str) -> Suite:
    """Load a suite from a folder, or by name from the checkout's ``evals``.

    Raises:
        SuiteError: if there is none, or if its files do not follow the schema.
    """
    candidates = [Path(name), resource_dir("evals") / name]
    folder = next((path for path in candidates if (path / "suite.yaml").is_file()), None)
    if folder is None:
        raise SuiteError(f"There is no suite {name}: no folder of that name holds a suite.yaml.")
    head = _read_yaml(folder / "suite.yaml")
    if not isinstance(head, dict):
        raise SuiteError(f"{folder / 'suite.yaml'} is not a mapping.")
    cases = _read_yaml(folder / str(head.pop("cases", "cases.yaml")))
    try:
        suite = Suite.model_validate({**head, "cases": cases, "folder": folder})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SuiteError(f"Suite {name} cannot be loaded: {place}: {first['msg']}.") from error
    _require_unique_ids(suite)
    return suite


def _read_yaml(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SuiteError(f"{path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SuiteError(f"{path} is not valid YAML: {str(error).splitlines()[0]}.") from error


def _require_unique_ids(suite: Suite) -> None:
    seen: set[str] = set()
    for case in suite.cases:
        if case.id in seen:
            raise SuiteError(f"Suite {suite.name} has two cases with the id {case.id}.")
        seen.add(case.id)
