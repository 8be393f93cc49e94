"""The setting in which an adapter measures: data, a sample of it, a bot, and parallel asking."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TypeVar

from chatbot.bot import Chatbot
from chatbot.errors import ChatbotError, SuiteError
from chatbot.evaluation.measures import Measure, overall
from chatbot.evaluation.metrics import detection
from chatbot.settings import Settings
from chatbot.types import Answer
from evals.benchmarks.benchmark import Bot
from evals.benchmarks.data_files import find_files

Item = TypeVar("Item")
Result = TypeVar("Result")
OpenBot = Callable[[Settings], AbstractContextManager[Bot]]
Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class Work:
    """What an adapter is given, and what it used of it."""

    data: Path
    settings: Settings
    limit: int | None = None
    seed: int = 0
    jobs: int = 1
    """Cases asked at the same time."""
    open_bot: OpenBot = Chatbot.from_settings
    progress: Progress | None = None
    read: list[Path] = field(default_factory=list)
    """Files of the data that were looked at."""
    failures: list[str] = field(default_factory=list)
    """Why cases could not be asked, a sentence each."""
    mode: str = "extractive"
    fallbacks: int = 0
    """Answers in which the model failed and quoting took over."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    def files(self, *patterns: str) -> list[Path]:
        """Return the data's file, or the files of its folder by the first pattern that fits.

        Raises:
            SuiteError: if there is none.
        """
        found = find_files(self.data, *patterns)
        self.read += found
        return found

    def sample(self, items: Sequence[Item]) -> list[Item]:
        """Return the items, or as many as the limit drawn with the seed, in their order.

        Raises:
            SuiteError: if there are none.
        """
        if not items:
            raise SuiteError(f"There is nothing to measure in {self.data}.")
        if self.limit is None or self.limit >= len(items):
            return list(items)
        chosen = random.Random(self.seed).sample(range(len(items)), self.limit)
        return [items[at] for at in sorted(chosen)]

    @contextmanager
    def bot(self) -> Iterator[Bot]:
        """Give a bot over an empty store of its own, which is gone afterwards."""
        threads = 1 if self.jobs > 1 else self.settings.threads
        with tempfile.TemporaryDirectory(prefix="chatbot-bench-") as folder:
            changes = {
                "data_dir": Path(folder) / "data",
                "corpus_dir": None,
                "threads": threads,
            }
            with self.open_bot(self.settings.model_copy(update=changes)) as bot:
                self.mode = bot.mode
                yield bot

    def counted(self, answer: Answer) -> Answer:
        """Return an answer, having counted it where the model failed and quoting took over."""
        if answer.mode != self.mode:
            with self._lock:
                self.fallbacks += 1
        return answer

    def map(self, function: Callable[[Item], Result], items: Sequence[Item]) -> list[Result | None]:
        """Return a result for each item, several at a time; None where a case raised an error.

        An error of the program's own tree fails its case alone; any other is a mistake and stops
        the run.
        """
        done = 0
        results: list[Result | None] = []
        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            futures = [pool.submit(function, item) for item in items]
            try:
                for future in futures:
                    try:
                        results.append(future.result())
                    except ChatbotError as error:
                        self.failures.append(str(error))
                        results.append(None)
                    done += 1
                    if self.progress:
                        self.progress(done, len(items))
            finally:
                pool.shutdown(wait=False, cancel_futures=True)  # an interrupt must not wait for all
        return results


def add_texts(bot: Bot, texts: Mapping[str, str]) -> dict[str, str]:
    """Add texts under their names, many at a time; return the document's id for each name.

    Texts that are the same share a document. A text goes in as a plain text file: what the loader
    cleans away there is what it would clean away for a user.

    Raises:
        SuiteError: if one of them cannot be added.
    """
    names: dict[str, list[str]] = {}
    for name, text in texts.items():
        names.setdefault(text, []).append(name)
    with tempfile.TemporaryDirectory(prefix="chatbot-bench-") as folder:
        for number, text in enumerate(names):
            (Path(folder) / f"{number:06}.txt").write_text(text, encoding="utf-8", newline="")
        report = bot.add(folder)
        if report.failed:
            raise SuiteError(f"A text of the benchmark cannot be added: {report.failed[0].reason}")
    found = {Path(document.source).stem: document.id for document in bot.documents()}
    ids = {}
    for number, same in enumerate(names.values()):
        for name in same:
            ids[name] = found[f"{number:06}"]
    return ids


def stored_texts(bot: Bot) -> dict[str, str]:
    """Return the stored text of every document, by id."""
    return {known.id: bot.document(known.id).text for known in bot.documents()}


def locate(text: str, pieces: Sequence[str]) -> list[tuple[int, int] | None]:
    """Return where each piece stands in the text, in order; None for one that is not there.

    A piece is looked for behind the one before it, and from the start if it is not there.
    """
    places: list[tuple[int, int] | None] = []
    behind = 0
    for piece in pieces:
        wanted = piece.strip()
        at = text.find(wanted, behind) if wanted else -1
        if at < 0 and wanted:
            at = text.find(wanted)
        places.append((at, at + len(wanted)) if at >= 0 else None)
        behind = at + len(wanted) if at >= 0 else behind
    return places


def answerable_auroc(cases: Sequence[tuple[bool, float | None]]) -> Measure:
    """Return how well P(answered) tells questions that have an answer from those that have none.

    Args:
        cases: whether the question has an answer, and the reader's P(the documents answer).
    """
    known = [(truth, p) for truth, p in cases if p is not None]
    return overall("AUROC of answerable", detection.auroc, known)
