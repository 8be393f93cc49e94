"""Opens a suite: a store with its documents, and each case with where its evidence stands."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from chatbot.bot import Chatbot
from chatbot.errors import SuiteError
from chatbot.evaluation.answered_case import ReadyCase
from chatbot.evaluation.cases import Suite
from chatbot.evaluation.gold_evidence import StoredTexts, find_evidence
from chatbot.settings import Settings, resource_dir

_T = TypeVar("_T")
OpenBot = Callable[[Settings], AbstractContextManager[Chatbot]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSuite:
    """A suite over a bot that holds its documents."""

    suite: Suite
    bot: Chatbot
    ready: tuple[ReadyCase, ...]
    """The accepted cases, in the order of the suite."""


_TITLE = 80
"""Characters of a title that is the name of a file."""


@contextmanager
def open_suite(
    suite: Suite, settings: Settings, open_bot: OpenBot = Chatbot.from_settings
) -> Iterator[OpenSuite]:
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
        # Nor does a suite's document get into a store that others share.
        apart = {"corpus_dir": None, "database_url": None, "chroma_url": None}
        own = settings.model_copy(update=apart | {"data_dir": Path(folder) / "data"})
        with open_bot(own) as bot:
            texts = {} if suite.texts is None else _add_texts(suite.texts, bot, titled=suite.titled)
            yield _open(suite, bot, texts | _add_documents(suite, bot, known=texts))


def _open(suite: Suite, bot: Chatbot, ids: Mapping[str, tuple[str, ...]]) -> OpenSuite:
    documents = {known.id: bot.document(known.id) for known in bot.documents()}
    quoted = any(case.expected.evidence for case in suite.accepted)
    texts = StoredTexts(
        documents=documents,
        sentences={id_: bot.sentences(id_) for id_ in documents} if quoted else {},
    )
    everything = tuple(documents) if suite.texts is None else ()
    ready = []
    for case in suite.accepted:
        named = case.documents or suite.documents
        allowed = _unique(id_ for name in named for id_ in ids[name]) if named else everything
        gold = find_evidence(case, allowed or tuple(documents), texts)
        ready.append(ReadyCase(case=case, document_ids=allowed, gold=gold, ids=ids, texts=texts))
    return OpenSuite(suite=suite, bot=bot, ready=tuple(ready))


def _add_texts(
    texts: Mapping[str, str], bot: Chatbot, *, titled: bool
) -> dict[str, tuple[str, ...]]:
    """Add texts, many at a time, as plain text files; return the id behind each name.

    Texts that are the same share a document.
    """
    if not texts:
        return {}
    numbers = {text: f"{number:06}" for number, text in enumerate(dict.fromkeys(texts.values()))}
    with tempfile.TemporaryDirectory(prefix="chatbot-eval-") as folder:
        for name, text in texts.items():
            path = Path(folder) / f"{numbers[text]}.txt"
            if titled:
                path = path.with_suffix("") / f"{name.replace('/', ' ')[:_TITLE]}.txt"
                path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        report = bot.add(folder)
        if report.failed:
            raise SuiteError(f"A text of the suite cannot be added: {report.failed[0].reason}")
    paths = {Path(document.source): document.id for document in bot.documents()}
    found = {path.parent.name if titled else path.stem: id_ for path, id_ in paths.items()}
    return {name: (found[numbers[text]],) for name, text in texts.items()}


def _add_documents(
    suite: Suite, bot: Chatbot, *, known: Mapping[str, object]
) -> dict[str, tuple[str, ...]]:
    """Add every file that the suite or a case names; return the ids behind each name."""
    named = [*suite.documents, *(n for case in suite.accepted for n in case.documents)]
    names = [name for name in _unique(named) if name not in known]
    paths = {name: document_paths(suite, name) for name in names}
    files = _unique(path for found in paths.values() for path in found)
    if not files:
        return {}
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
        raise SuiteError(f"{path} was not added: its format is not supported.")
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
        raise SuiteError(f"Suite {suite.name} names the document {name}, which does not exist.")
    return [path.resolve() for path in found]


def _unique(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))
