"""Opens a suite: a store with its documents, and each case with where its evidence stands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from chatbot.bot import Chatbot
from chatbot.errors import SuiteError
from chatbot.evaluation.cases import Case, Suite
from chatbot.evaluation.gold_evidence import GoldQuote, StoredTexts, find_evidence
from chatbot.settings import Settings, resource_dir

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyCase:
    """A case that can be asked: its documents are stored and its evidence was found in them."""

    case: Case
    document_ids: tuple[str, ...]
    gold: tuple[GoldQuote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSuite:
    """A suite over a bot that holds its documents."""

    suite: Suite
    bot: Chatbot
    ready: tuple[ReadyCase, ...]
    """The accepted cases, in the order of the suite."""
    texts: StoredTexts


@contextmanager
def open_suite(suite: Suite, settings: Settings) -> Iterator[OpenSuite]:
    """Give the suite a fresh store of its own, or open the user's for reading if it brings none.

    One store serves all cases; each case is asked over its own documents alone.

    Raises:
        SuiteError: if a document cannot be added, or a quote of a case is not in its documents.
    """
    if suite.on_own_store:
        with Chatbot.from_settings(settings, read_only=True) as bot:
            yield _open(suite, bot, {})
        return
    with tempfile.TemporaryDirectory(prefix="chatbot-eval-") as folder:
        own = settings.model_copy(update={"data_dir": Path(folder) / "data", "corpus_dir": None})
        with Chatbot.from_settings(own) as bot:
            yield _open(suite, bot, _add_documents(suite, bot))


def _open(suite: Suite, bot: Chatbot, ids: Mapping[str, tuple[str, ...]]) -> OpenSuite:
    documents = [bot.document(known.id) for known in bot.documents()]
    texts = StoredTexts(
        documents={document.id: document for document in documents},
        sentences={document.id: bot.sentences(document.id) for document in documents},
    )
    everything = tuple(texts.documents)
    ready = []
    for case in suite.accepted:
        named = case.documents or suite.documents
        allowed = _unique(id_ for name in named for id_ in ids[name]) if named else everything
        ready.append(
            ReadyCase(case=case, document_ids=allowed, gold=find_evidence(case, allowed, texts))
        )
    return OpenSuite(suite=suite, bot=bot, ready=tuple(ready), texts=texts)


def _add_documents(suite: Suite, bot: Chatbot) -> dict[str, tuple[str, ...]]:
    """Add every document that the suite or a case names; return the ids behind each name."""
    names = _unique([*suite.documents, *(n for case in suite.accepted for n in case.documents)])
    paths = {name: document_paths(suite, name) for name in names}
    files = _unique(path for found in paths.values() for path in found)
    report = bot.add(*files)
    if report.failed:
        failed = report.failed[0]
        raise SuiteError(f"Suite {suite.name}: {failed.source} cannot be read: {failed.reason}")
    # A second look at each file tells its id: it is stored, so nothing is read or embedded again.
    ids = {path: _stored_id(bot, path) for path in files}
    return {name: tuple(ids[path] for path in found) for name, found in paths.items()}


def _stored_id(bot: Chatbot, path: Path) -> str:
    report = bot.add(path)
    stored = [*report.unchanged, *report.added]
    if not stored:
        raise SuiteError(f"{path} was not added: no loader reads it.")
    return stored[0].id


def document_paths(suite: Suite, name: str) -> list[Path]:
    """Return the files behind a name of a suite's documents.

    Raises:
        SuiteError: if there is none.
    """
    if name.startswith("corpus:"):
        found = [resource_dir("corpus") / name.removeprefix("corpus:")]
    elif "*" in name:
        found = sorted(path for path in suite.folder.glob(name) if path.is_file())
    else:
        found = [suite.folder / name]
    if not found or not all(path.is_file() for path in found):
        raise SuiteError(f"Suite {suite.name} names the document {name}, which is not there.")
    return [path.resolve() for path in found]


def _unique(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))
