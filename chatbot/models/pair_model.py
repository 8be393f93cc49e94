"""Runs a network that reads two texts together: a question or claim, and a passage.

Its input is ``[CLS] asked [SEP] passage [SEP]``, or what the tokenizer's file puts in the places of
these marks, its output four numbers for each token; what they mean is the business of the reader
and of the verifier, which use it. Knows neither.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.model_files import MODEL_FILE, TOKEN_INPUTS, TOKENIZER_FILE, read_description
from chatbot.models.onnx import available_cores, open_session
from chatbot.models.token_windows import TokenisedText, WindowTokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Floats = NDArray[np.float32]
_KEYS = ("name", "sha256", "tokenizer_sha256", "max_tokens", "window", "final", "fit")
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
    """What the network says of one pair, four numbers for each token."""

    whole: Floats
    """(4,) at ``[CLS]``."""
    asked: Floats
    """(tokens of ``asked`` that were read, 4)"""
    passage: Floats
    """(tokens of the part that was read, 4)"""


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


@cache
def builtin_pair_model(directory: Path, threads: int | None) -> PairModel:
    """Return a network of the package: all bots of a process share it."""
    return PairModel(directory, threads=threads)


class PairModel:
    """A folder with ``model.onnx``, ``tokenizer.json`` and ``MODEL.json``. Thread safe.

    Each pair runs alone, several beside each other: see ``OnnxEmbedder``.
    """

    def __init__(self, directory: Path, *, threads: int | None = None) -> None:
        """Read the description; the weights are opened on first use.

        Raises:
            ModelError: if the description is missing or cannot be read.
        """
        self.about = read_description(directory, _KEYS)
        self._directory = directory
        self._threads = threads or available_cores()
        self._lock = threading.Lock()
        self._session: InferenceSession | None = None
        self._tokenizer: WindowTokenizer | None = None
        self._known: LRUCache[str, TokenisedText] = LRUCache(_REMEMBERED)
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="read")

    @property
    def name(self) -> str:
        """Which model, with the first digits of its hash."""
        return f"{self.about['name']}@{self.about['sha256'][:12]}"

    def unusable(self, error: Exception) -> ModelError:
        """Return what to raise where the numbers fitted to it cannot be used."""
        return ModelError(f"{self.name} cannot be used ({error}): install the package again.")

    @property
    def room(self) -> int:
        """Tokens of one row, special tokens included, that the network was trained on."""
        return int(self.about["window"])

    def tokens(self, text: str) -> TokenisedText:
        """Return the tokens of a text, remembered: a passage is cut into tokens once.

        Raises:
            ModelError: if the tokenizer is missing or changed (on first use).
        """
        with self._lock:
            found = self._known.get(text)
        if found is None:
            found = self._opened_tokenizer().tokenise(text)
            with self._lock:
                self._known[text] = found
        return found

    def read(self, pairs: Sequence[TextPair]) -> list[Logits]:
        """Return what the network says of each pair, in order.

        Raises:
            ModelError: if the weights are missing or changed (on first use).
        """
        rows = [self._row(pair) for pair in pairs]
        session = self._opened_session()
        # Some bodies do not tell question and passage apart by a type of token.
        wanted = {declared.name for declared in session.get_inputs()}

        def run(at: int) -> Logits:
            inputs = {name: ids for name, ids in rows[at].inputs.items() if name in wanted}
            return rows[at].parted(session.run(None, inputs)[0][0])

        # The longest first: no thread is left alone with a long row at the end.
        order = sorted(range(len(rows)), key=lambda at: -rows[at].tokens)
        if self._threads == 1 or len(rows) == 1:
            found = [run(at) for at in order]
        else:
            found = list(self._pool.map(run, order))
        results: list[Logits | None] = [None] * len(pairs)
        for at, logits in zip(order, found, strict=True):
            results[at] = logits
        return [result for result in results if result is not None]

    def _row(self, pair: TextPair) -> _Row:
        tokenizer = self._opened_tokenizer()
        first, last = tokenizer.special
        asked = self.tokens(pair.asked).ids[:MAX_ASKED]
        before = [first, *asked, *tokenizer.between]
        passage = self.tokens(pair.passage).ids[pair.first : pair.end]
        passage = passage[: int(self.about["max_tokens"]) - len(before) - 1]
        ids = np.array([[*before, *passage, last]], dtype=np.int64)
        types = np.zeros_like(ids)
        types[0, len(before) :] = 1
        return _Row(
            inputs=dict(zip(TOKEN_INPUTS, (ids, np.ones_like(ids), types), strict=True)),
            asked_end=len(asked) + 1,
            passage_at=len(before),
        )

    def _opened_tokenizer(self) -> WindowTokenizer:
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = WindowTokenizer(
                    self._directory / TOKENIZER_FILE,
                    sha256=self.about["tokenizer_sha256"],
                    max_tokens=int(self.about["max_tokens"]),
                )
            return self._tokenizer

    def _opened_session(self) -> InferenceSession:
        with self._lock:
            if self._session is None:
                self._session = open_session(
                    self._directory / MODEL_FILE,
                    sha256=self.about["sha256"],
                    threads=1,
                    final=bool(self.about["final"]),
                )
            return self._session
