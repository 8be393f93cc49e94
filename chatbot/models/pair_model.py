"""Runs a network that reads two texts together: a question or claim, and a passage.

Its input is ``[CLS] asked [SEP] passage [SEP]``, or what the tokenizer's file puts in the places of
these marks, its output four numbers for each token and each task that it was trained for; what
they mean is the business of the reader and of the verifier, which use it. Knows neither.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.model_files import TOKEN_INPUTS, read_model_files
from chatbot.models.onnx import available_cores
from chatbot.models.token_windows import TokenisedText

Floats = NDArray[np.float32]
BUILTIN = Path(__file__).parent / "weights" / "pairs"
"""The network of the package: one body with a head for each task."""
OUTPUTS = 4
"""Numbers for each token and task."""
MAX_ASKED = 64
"""Tokens of a question or claim that are read, as in training."""
_REMEMBERED = 512
"""Texts whose tokens are kept: about 4 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPair:
    """One pair to read; ``first`` and ``end`` are tokens of the passage, the part to read."""

    asked: str
    passage: str
    first: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Logits:
    """What the network says of one pair for one task, ``OUTPUTS`` numbers for each token."""

    whole: Floats
    """(OUTPUTS,) at ``[CLS]``."""
    asked: Floats
    """(tokens of ``asked`` that were read, OUTPUTS)"""
    passage: Floats
    """(tokens of the part that was read, OUTPUTS)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A pair as the network's inputs."""

    inputs: dict[str, NDArray[np.int64]]
    """By name, each (1, tokens)."""
    asked_end: int
    """The number of the first token behind ``asked``, which begins at 1."""
    passage_at: int

    @property
    def tokens(self) -> int:
        return int(self.inputs[TOKEN_INPUTS[0]].shape[1])

    def parted(self, logits: Floats) -> Logits:
        return Logits(
            whole=logits[0],
            asked=logits[1 : self.asked_end],
            passage=logits[self.passage_at : -1],
        )


class PairModel:
    """A folder with ``model.onnx``, ``tokenizer.json`` and ``MODEL.json``. Thread safe.

    Each pair runs alone, several beside each other: see ``OnnxEmbedder``.
    """

    def __init__(self, directory: Path, *, threads: int | None = None) -> None:
        """Read the description; the weights are opened on first use.

        Raises:
            ModelError: if the description is missing or cannot be read.
        """
        self.files = read_model_files(directory, needs="tasks")
        self._threads = threads or available_cores()
        self._lock = threading.Lock()
        self._known: LRUCache[str, TokenisedText] = LRUCache(_REMEMBERED)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="read")

    def unusable(self, error: Exception) -> ModelError:
        """Return what to raise where what its description says cannot be used."""
        return ModelError(f"{self.files.name} cannot be used ({error}): install the package again.")

    def tokens(self, text: str) -> TokenisedText:
        """Return the tokens of a text, remembered: a passage is cut into tokens once.

        Raises:
            ModelError: if the tokenizer is missing or changed (on first use).
        """
        with self._lock:
            found = self._known.get(text)
        if found is None:
            found = self.files.tokenizer().tokenise(text)
            with self._lock:
                self._known[text] = found
        return found

    def read(self, pairs: Sequence[TextPair], columns: slice) -> list[Logits]:
        """Return these columns of what the network says of each pair, in order.

        Raises:
            ModelError: if the weights are missing or changed (on first use).
        """
        rows = [self._row(pair) for pair in pairs]

        def run(at: int) -> Logits:
            return rows[at].parted(self._numbers(rows[at])[:, columns])

        # The longest first: no thread is left alone with a long row at the end.
        order = sorted(range(len(rows)), key=lambda at: -rows[at].tokens)
        if self._threads == 1 or len(rows) < 2:
            found = [run(at) for at in order]
        else:
            found = list(self._pool.map(run, order))
        results: list[Logits | None] = [None] * len(pairs)
        for at, logits in zip(order, found, strict=True):
            results[at] = logits
        return [result for result in results if result is not None]

    def _numbers(self, row: _Row) -> Floats:
        """Run the network on one row: (tokens, all its numbers)."""
        session = self.files.session()
        # Some bodies do not tell question and passage apart by a type of token.
        wanted = {declared.name for declared in session.get_inputs()}
        inputs = {name: ids for name, ids in row.inputs.items() if name in wanted}
        numbers: Floats = session.run(None, inputs)[0][0]
        return numbers

    def _row(self, pair: TextPair) -> _Row:
        tokenizer = self.files.tokenizer()
        first, last = tokenizer.special
        asked = self.tokens(pair.asked).ids[:MAX_ASKED]
        before = [first, *asked, *tokenizer.between]
        passage = self.tokens(pair.passage).ids[pair.first : pair.end]
        passage = passage[: self.files.max_tokens - len(before) - 1]
        ids = np.array([[*before, *passage, last]], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, len(before) :] = 1
        return _Row(
            inputs=dict(zip(TOKEN_INPUTS, (ids, np.ones_like(ids), types), strict=True)),
            asked_end=len(asked) + 1,
            passage_at=len(before),
        )


class PairTask:
    """One task of a network: its columns, its window, and what was fitted to its numbers."""

    def __init__(self, model: PairModel, task: str) -> None:
        """Take a network that was trained for the task.

        Raises:
            ModelError: if it was not.
        """
        self._model = model
        tasks = model.files.tasks
        try:
            self.room = int(tasks[task]["window"])
            """Tokens of one row, special tokens included, that the network was trained on."""
            self.fit: Mapping[str, Any] = tasks[task]["fit"]
            """What was fitted to the numbers, as JSON values."""
            at = OUTPUTS * list(tasks).index(task)
        except (KeyError, TypeError, ValueError):
            raise model.unusable(ValueError(f"it was not trained as a {task}")) from None
        self._columns = slice(at, at + OUTPUTS)

    def tokens(self, text: str) -> TokenisedText:
        """Return the tokens of a text; see ``PairModel``."""
        return self._model.tokens(text)

    def read(self, pairs: Sequence[TextPair]) -> list[Logits]:
        """Return what the network says of each pair, in order; see ``PairModel``."""
        return self._model.read(pairs, self._columns)

    def unusable(self, error: Exception) -> ModelError:
        """Return what to raise where ``fit`` cannot be used."""
        return self._model.unusable(error)


@cache
def _builtin(threads: int | None) -> PairModel:
    return PairModel(BUILTIN, threads=threads)


def load_task(task: str, directory: Path | None, *, threads: int | None = None) -> PairTask:
    """Return a task of the network in a folder, or of the package's, which all bots share.

    Raises:
        ModelError: if the description is missing or unreadable, or the network has not this task.
    """
    model = _builtin(threads) if directory is None else PairModel(directory, threads=threads)
    return PairTask(model, task)
