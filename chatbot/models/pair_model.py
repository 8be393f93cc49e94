"""Runs a network that reads two texts together: a question or claim, and a passage.

Its input is ``[CLS] asked [SEP] passage [SEP]``, or what the tokenizer's file puts in the places of
these marks, its output four numbers for each token and each task that it was trained for; what
they mean is the business of the reader and of the verifier, which use it. Knows neither.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from cachetools import LRUCache, cachedmethod
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.model_files import TOKEN_INPUTS, RowThreads, read_model_files
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

    at: int
    """Its number among the pairs."""
    inputs: dict[str, NDArray[np.int64]]
    """By name, each (1, tokens)."""
    asked_end: int
    """The number of the first token behind ``asked``, which begins at 1."""
    passage_at: int


class PairModel:
    """A folder with ``model.onnx``, ``tokenizer.json`` and ``MODEL.json``. Thread safe.

    Each pair runs alone, several beside each other: see ``OnnxEmbedder``. Weights and tokenizer are
    opened on first use: a ModelError if they are missing or changed.
    """

    def __init__(self, directory: Path, *, threads: int | None = None) -> None:
        """Read the description.

        Raises:
            ModelError: if the description is missing or cannot be read.
        """
        self.files = read_model_files(directory, needs="tasks")
        self._lock = threading.Lock()
        self._known: LRUCache[str, TokenisedText] = LRUCache(_REMEMBERED)
        self._threads = RowThreads(threads, name="read")

    @cachedmethod(lambda self: self._known, lock=lambda self: self._lock)
    def tokens(self, text: str) -> TokenisedText:
        """Return the tokens of a text, remembered: a passage is cut into tokens once."""
        return self.files.tokenizer().tokenise(text)

    def read(self, pairs: Sequence[TextPair], columns: slice) -> list[Logits]:
        """Return these columns of what the network says of each pair, in order."""
        found: dict[int, Logits] = {}

        def run(row: _Row) -> None:
            numbers = self._numbers(row)[:, columns]
            found[row.at] = Logits(
                whole=numbers[0],
                asked=numbers[1 : row.asked_end],
                passage=numbers[row.passage_at : -1],
            )

        rows = [self._row(at, pair) for at, pair in enumerate(pairs)]
        self._threads.run(run, rows, length=lambda row: row.inputs[TOKEN_INPUTS[0]].size)
        return [found[at] for at in range(len(rows))]

    def _numbers(self, row: _Row) -> Floats:
        """Run the network on one row: (tokens, all its numbers)."""
        session = self.files.session()
        # Some bodies do not tell question and passage apart by a type of token.
        wanted = {declared.name for declared in session.get_inputs()}
        inputs = {name: ids for name, ids in row.inputs.items() if name in wanted}
        numbers: Floats = session.run(None, inputs)[0][0]
        return numbers

    def _row(self, at: int, pair: TextPair) -> _Row:
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
            at=at,
            inputs=dict(zip(TOKEN_INPUTS, (ids, np.ones_like(ids), types), strict=True)),
            asked_end=len(asked) + 1,
            passage_at=len(before),
        )


class PairTask:
    """One task of a network: its columns, its window, and what was fitted to its numbers."""

    def __init__(self, model: PairModel, task: str) -> None:
        """Take a network; a ModelError if it was not trained for the task."""
        self._model = model
        self.tokens = model.tokens
        tasks = model.files.tasks
        try:
            self.room = int(tasks[task]["window"])
            """Tokens of one row, special tokens included, that the network was trained on."""
            self.fit: Mapping[str, Any] = tasks[task]["fit"]
            """What was fitted to the numbers, as JSON values."""
            at = OUTPUTS * list(tasks).index(task)
        except (KeyError, TypeError, ValueError):
            raise self.unusable(ValueError(f"it was not trained as a {task}")) from None
        self._columns = slice(at, at + OUTPUTS)

    def read(self, pairs: Sequence[TextPair]) -> list[Logits]:
        """Return what the network says of each pair, in order; see ``PairModel``."""
        return self._model.read(pairs, self._columns)

    def unusable(self, error: Exception) -> ModelError:
        """Return what to raise where ``fit`` cannot be used."""
        name = self._model.files.name
        return ModelError(f"{name} cannot be used ({error}): install the package again.")


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
