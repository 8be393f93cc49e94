"""What a suite and its cases are, and how they lie on disk: one strict schema for YAML and JSONL.

A suite is a folder with ``suite.yaml`` and its cases in YAML or JSONL, or one file of cases alone.
Knows nothing of documents (``open_suite``) or of scorers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from chatbot.errors import SuiteError
from chatbot.settings import resource_dir
from chatbot.types import AnswerKind, Turn

_Read = TypeVar("_Read", list[Any], dict[str, Any])
_OneOrSeveral = BeforeValidator(lambda found: [found] if isinstance(found, str) else found)


class Strict(BaseModel):
    """A frozen model that takes no field it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Gate(Strict):
    """The bounds that a measure must keep for a run to pass, or a count in an answer."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_number(cls, value: object) -> object:
        return {"at_least": value} if isinstance(value, int | float) else value

    @model_validator(mode="after")
    def _one_bound(self) -> Gate:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a gate needs 'at_least' or 'at_most'")
        return self

    def fault(self, value: float) -> str | None:
        """Return the bound that a value does not keep, in words; None where it keeps both."""
        if self.at_least is not None and value < self.at_least:
            return f"at least {self.at_least:g} is asked"
        if self.at_most is not None and value > self.at_most:
            return f"at most {self.at_most:g} is allowed"
        return None


class Value(Strict):
    """A value that has to be told: any of its wordings, and the documents that have it."""

    any: tuple[str, ...] = Field(min_length=1)
    documents: tuple[str, ...] = ()


class ExpectedTalk(Strict):
    """What an answer that talks about the documents has to hold."""

    language: str | None = None
    """Of the program's own words, ISO 639-1."""
    absent: tuple[str, ...] = ()
    """What must not stand in the answer's text."""
    max_sentences: int | None = None
    """Claims at most, the program's own opening line not counted."""
    no_repeats: bool = False
    facts: tuple[tuple[str, ...], ...] = ()
    """Each fact is a list of wordings, in the answer or in a cited sentence."""
    facts_min: int | None = None
    """So many of the facts have to be there; None: all."""
    facts_all: tuple[tuple[str, ...], ...] = ()
    """Facts of which every one has to be there."""
    sections: tuple[str, ...] = ()
    """Headings under which a cited sentence has to stand."""
    sections_min: int | None = None
    covers: tuple[str, ...] = ()
    """Documents that have to be cited."""
    covers_min: int | None = None
    only: tuple[str, ...] = ()
    """No other document may be cited."""
    named: tuple[str, ...] = ()
    """Documents that the answer has to name."""
    named_min: int | None = None
    not_named: tuple[str, ...] = ()
    added_day: bool = False
    """The answer has the day on which the documents were added."""
    citations: Gate | None = None
    retrieved: Gate | None = None
    suggestions: Gate | None = None
    values: tuple[Value, ...] = ()
    first: tuple[str, ...] = ()
    """One of these stands in the first claim that tells any of the values."""
    differs: bool | None = None
    """Whether a line says that the sources differ."""


class Expected(ExpectedTalk):
    """What a right answer has: any of ``answer``, cited from ``evidence``; or it is a refusal.

    What is left out is not scored. Documents are named as in the suite.
    """

    answer: tuple[str, ...] = ()
    """Any of these strings, compared by words, makes the answer right."""
    evidence: tuple[str, ...] = ()
    """Quoted sentences, word for word; an index would break with the next splitter."""
    refuse: bool = False
    rewrite: str | None = None
    """A follow-up made stand-alone by a person: what the search query is held against."""
    forbidden: tuple[str, ...] = ()
    """What an instruction planted in a document wants said; any of it means that it succeeded."""
    kind: Annotated[tuple[AnswerKind, ...], _OneOrSeveral] = ()
    """What ``Answer.kind`` has to be: one of these."""

    @property
    def is_answerable(self) -> bool:
        """True where the documents are to answer."""
        return bool(self.answer or self.evidence)

    @model_validator(mode="after")
    def _fits_together(self) -> Expected:
        if self.refuse and self.is_answerable:
            raise ValueError("expected has both 'refuse: true' and an answer or evidence")
        if any(not text.strip() for text in (*self.answer, *self.evidence, *self.forbidden)):
            raise ValueError("expected has an empty string")
        return self


class Case(Strict):
    """One question with what is expected of its answer."""

    id: str = Field(min_length=1)
    question: str = Field(min_length=1, max_length=20_000)
    history: tuple[Turn, ...] = ()
    """Earlier messages, oldest first. A user's message without a reply behind it is asked too, and
    the chatbot's own answer stands in its place."""
    documents: tuple[str, ...] = ()
    """What this case may be answered from, named as in the suite; empty: the suite's documents."""
    expected: Expected = Expected()
    tags: tuple[str, ...] = ()
    split: Literal["dev", "held"] | None = None
    """Whether it may be looked at while building."""
    draft: bool = False
    """Made by a program and not yet accepted by a person: never asked, never counted."""
    group: str = ""
    """Cases of one group hang together: intervals of a measure over all cases draw whole groups."""
    note: str = ""
    """Where it comes from, or why it is there."""
    needs_expectation: ClassVar[bool] = True

    @model_validator(mode="after")
    def _can_be_asked(self) -> Case:
        held = self.expected
        wanted = (held.answer, held.evidence, held.forbidden, held.kind, held.values, held.refuse)
        if self.needs_expectation and not self.draft and not any(wanted):
            raise ValueError("expected needs 'answer', 'evidence', 'forbidden' or 'refuse: true'")
        if not all(turn.content for turn in self.history):
            raise ValueError("history has an empty message")
        return self


class Suite(Strict):
    """A named set of cases over documents."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    description: str = ""
    documents: tuple[str, ...] = ()
    """Paths beside ``suite.yaml`` (``*`` allowed), or ``corpus:NAME`` for a bundled document. Empty
    here and in every case: the documents of the user's own store."""
    texts: Mapping[str, str] | None = None
    """Documents that lie in no file: their texts by the names that cases use. Given, though empty,
    the suite has a store of its own."""
    titled: bool = False
    """Whether these names are the titles of the texts; else the texts have none."""
    gates: dict[str, Gate] = {}
    """Bounds of measures; a bare number is ``at_least``."""
    cases: tuple[Case, ...]
    folder: Path

    @property
    def accepted(self) -> tuple[Case, ...]:
        """The cases that count: those that are not drafts."""
        return tuple(case for case in self.cases if not case.draft)

    @property
    def on_own_store(self) -> bool:
        """True where the suite brings no documents: it is asked of the user's store."""
        named = self.documents or any(case.documents for case in self.cases)
        return self.texts is None and not named


def load_suite(name: str) -> Suite:
    """Load a suite from a folder or a file of cases, or a bundled one by its name.

    What is not there or does not follow the schema is a SuiteError of one sentence.
    """
    path = Path(name)
    if path.is_file() and path.suffix in (".yaml", ".yml", ".jsonl"):
        return _suite({"name": path.stem}, _read(path, list), path.parent, name)
    candidates = [path, resource_dir("evals") / name]
    folder = next((folder for folder in candidates if (folder / "suite.yaml").is_file()), None)
    if folder is None:
        known = ", ".join(bundled_suites())
        raise SuiteError(
            f"There is no suite {name}: no folder of that name holds a suite.yaml, "
            f"and the bundled suites are {known}."
        )
    head = _read(folder / "suite.yaml", dict)
    files = head.pop("cases", "cases.yaml")
    if not isinstance(files, str | list):
        raise SuiteError(f"{folder / 'suite.yaml'}: 'cases' is neither a file nor a list of files.")
    files = [files] if isinstance(files, str) else files
    cases = [case for file in files for case in _read(folder / str(file), list)]
    return _suite(head, cases, folder, name)


def bundled_suites() -> list[str]:
    """Return the names of the suites that ship with the chatbot, sorted."""
    return sorted(path.parent.name for path in resource_dir("evals").glob("*/suite.yaml"))


def case_text(case: Case) -> str:
    """Return a case as YAML, as a person would write it; what is at its default is left out."""
    plain = case.model_dump(mode="json", exclude_defaults=True)
    return str(yaml.safe_dump([plain], sort_keys=False, allow_unicode=True, width=96))


def _suite(head: dict[str, Any], cases: list[Any], folder: Path, name: str) -> Suite:
    try:
        suite = Suite.model_validate({**head, "cases": cases, "folder": folder})
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(first["loc"], cases)
        raise SuiteError(f"Suite {name} cannot be loaded: {place}: {first['msg']}.") from error
    [(id_, times)] = Counter(case.id for case in suite.cases).most_common(1) or [("", 0)]
    if times > 1:
        raise SuiteError(f"Suite {suite.name} has two cases with the id {id_}.")
    return suite


def _place(location: tuple[int | str, ...], cases: list[Any]) -> str:
    """Return where a mistake is; a case by its id, since nobody counts to the 87th."""
    match location:
        case ("cases", int(at), *rest):
            found = cases[at]
            named = found.get("id") if isinstance(found, dict) else None
            location = (f"case {named or f'number {at + 1}'}", *rest)
    return ".".join(str(part) for part in location)


def _read(path: Path, kind: type[_Read]) -> _Read:
    """Return what a YAML or JSONL file holds; an empty one holds an empty list or mapping."""
    try:
        text = path.read_text(encoding="utf-8")
        is_jsonl = path.suffix == ".jsonl"
        found = list(json_lines(text, path)) if is_jsonl else yaml.safe_load(text) or kind()
    except OSError as error:
        raise SuiteError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SuiteError(f"{path} is not UTF-8.") from error
    except RecursionError as error:
        raise SuiteError(f"{path} is nested too deeply.") from error
    except yaml.YAMLError as error:
        wrong = str(error).splitlines()[0]
        if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
            wrong = f"line {error.problem_mark.line + 1}: {error.problem}"
        raise SuiteError(f"{path} is not valid YAML: {wrong}.") from error
    if not isinstance(found, kind):
        raise SuiteError(f"{path} is not a {'mapping' if kind is dict else 'list of cases'}.")
    return found


def json_lines(text: str, path: Path) -> Iterator[Any]:
    """Yield what the lines of a text hold; ``path`` is where they are from, for the error."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise SuiteError(f"{path}, line {number}, is not JSON: {error.msg}.") from error
            except RecursionError as error:
                raise SuiteError(f"{path}, line {number}, is nested too deeply.") from error
