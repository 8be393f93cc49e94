"""Opens a suite: a store with its documents, and each case with where its evidence stands.

Evidence quotes become places in stored documents; a quote that is nowhere is an error.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from chatbot.bot import Chatbot
from chatbot.errors import SuiteError
from chatbot.evaluation.answered_case import AnsweredCase, Places
from chatbot.evaluation.saved_run import GoldPlace
from chatbot.evaluation.suites import Case, Suite
from chatbot.settings import Settings, resource_dir
from chatbot.types import Document, Sentence

OpenBot = Callable[[Settings], AbstractContextManager[Chatbot]]
_TITLE = 80
"""Characters of a title that is the name of a file."""
_Ids = dict[str, tuple[str, ...]]
"""The ids behind each name of a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSuite:
    """A suite whose documents a bot holds."""

    bot: Chatbot
    ready: tuple[AnsweredCase, ...]
    """The accepted cases, in the order of the suite, to be asked through a copy."""


@contextmanager
def open_suite(
    suite: Suite, settings: Settings, open_bot: OpenBot = Chatbot.from_settings
) -> Iterator[OpenSuite]:
    """Give the suite a fresh store of its own, or open the user's for reading if it brings none.

    One store serves all cases; each case is asked over its own documents alone. SuiteError if a
    document cannot be added, or a quote of a case is not in its documents.
    """
    if suite.on_own_store:
        with Chatbot.from_settings(settings, read_only=True) as bot:
            yield _open(suite, bot, {})
        return
    with tempfile.TemporaryDirectory(prefix="chatbot-eval-") as folder:
        # Nor does a suite's document get into a store that others share.
        apart = {"corpus_dir": None, "database_url": None, "chroma_url": None}
        own = settings.model_copy(update=apart | {"data_dir": Path(folder) / "data"})
        paths = _paths(suite, Path(folder).resolve())
        with open_bot(own) as bot:
            yield _open(suite, bot, _add(suite, bot, paths))


def _open(suite: Suite, bot: Chatbot, ids: _Ids) -> OpenSuite:
    stored = {known.id: bot.document(known.id) for known in bot.documents()}
    quoted = any(case.expected.evidence for case in suite.accepted)
    sentences = {id_: bot.sentences(id_) for id_ in stored} if quoted else {}
    everything = tuple(stored) if suite.texts is None else ()
    ready = []
    for case in suite.accepted:
        named = case.documents or suite.documents
        chosen = dict.fromkeys(id_ for name in named for id_ in ids[name])
        allowed = tuple(chosen) if named else everything
        among = [(stored[id_], sentences.get(id_, ())) for id_ in allowed or stored]
        gold = tuple(_find(case, quote, among) for quote in case.expected.evidence)
        ready.append(
            AnsweredCase(
                case=case, bot=bot, document_ids=allowed, gold=gold, ids=ids, stored=stored
            )
        )
    return OpenSuite(bot=bot, ready=tuple(ready))


_Texts = Sequence[tuple[Document, Sequence[Sentence]]]


def _find(case: Case, quote: str, texts: _Texts) -> Places:
    """Return where a quote stands; white space does not count, all else does."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in quote.split()))
    places = [
        GoldPlace(
            document_id=document.id,
            start=match.start(),
            end=match.end(),
            text=match[0],
            sentences=tuple(
                one.index
                for one in sentences
                if one.start < match.end() and match.start() < one.end
            ),
        )
        for document, sentences in texts
        for match in pattern.finditer(document.text)
    ]
    # A quote that ends in the middle of a word would stand in sentences that nobody meant.
    whole = tuple(place for place in places if place.sentences)
    if not whole:
        raise SuiteError(_not_found(case, quote, texts))
    return whole


def _not_found(case: Case, quote: str, texts: _Texts) -> str:
    if not texts:
        return f"Case {case.id} has evidence but no document to find it in."
    told = f"Case {case.id}: the evidence {_short(quote)!r} is not in its documents"
    if not any(sentences for _, sentences in texts):
        return f"{told}, which have no sentences."
    titles = {item.text: document.title for document, sentences in texts for item in sentences}
    [nearest] = get_close_matches(quote, titles, n=1, cutoff=0.0)
    return f"{told}; the nearest sentence, of {titles[nearest]}, is {_short(nearest)!r}."


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 300 else f"{flat[:300]}…"


def _paths(suite: Suite, folder: Path) -> dict[str, list[Path]]:
    """Return the files behind each name of a document; texts of the suite are written as files.

    Texts that are the same share a file.
    """
    written: dict[str, Path] = {}
    paths: dict[str, list[Path]] = {}
    for name, text in (suite.texts or {}).items():
        if text not in written:
            number = f"{len(written):06}"
            title = name.replace("/", " ")[:_TITLE] if suite.titled else number
            path = written[text] = folder / number / f"{title}.txt"
            path.parent.mkdir()
            path.write_text(text, encoding="utf-8", newline="")
        paths[name] = [written[text]]
    for name in (*suite.documents, *(n for case in suite.accepted for n in case.documents)):
        if name not in paths:
            paths[name] = _document_paths(suite, name)
    return paths


def _document_paths(suite: Suite, name: str) -> list[Path]:
    if name.startswith("corpus:"):
        found = [resource_dir("corpus") / name.removeprefix("corpus:")]
    elif "*" in name:
        found = sorted(path for path in suite.folder.glob(name) if path.is_file())
    else:
        found = [suite.folder / name]
    if not found or not all(path.is_file() for path in found):
        raise SuiteError(f"Suite {suite.name} names the document {name}, which does not exist.")
    return [path.resolve() for path in found]


def _add(suite: Suite, bot: Chatbot, paths: Mapping[str, Sequence[Path]]) -> _Ids:
    """Add the files, many at a time; return the ids behind each name."""
    files = dict.fromkeys(path for found in paths.values() for path in found)
    report = bot.add(*files)
    if report.failed:
        failed = report.failed[0]
        raise SuiteError(f"Suite {suite.name}: {failed.source} cannot be read: {failed.reason}")
    ids = {Path(document.source): document.id for document in bot.documents()}
    for path in files:
        if path not in ids:  # its text is that of another file, or it has several documents
            ids[path] = bot.add(path).unchanged[0].id
    return {name: tuple(ids[path] for path in found) for name, found in paths.items()}
