"""Runs a network that reads two texts together: a question or claim, and a passage.

Its input is ``[CLS] asked [SEP] passage [SEP]``, or what the tokenizer's file puts in the places of
these marks, its output four numbers for each token and each task that it was trained for; what
they mean is the business of the reader and of the verifier, which use it. Knows neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from chatbot.errors import ModelError
from chatbot.models.model_files import Floats, ModelFiles, Row
from chatbot.models.tokenizing import TokenisedText

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


class PairTask:
    """One task of a network: its columns, its window, and what was fitted to its numbers.

    Thread safe. Weights and tokenizer are opened on first use: a ModelError if they are missing or
    changed.
    """

    def __init__(self, files: ModelFiles, task: str) -> None:
        """Take a network; a ModelError if it was not trained for the task."""
        self._files = files
        self.tokens = lru_cache(_REMEMBERED)(self._tokens)
        """Returns the tokens of a text, remembered: a passage is cut into tokens once."""
        tasks = files.about.tasks
        try:
            self.room = int(tasks[task]["window"])
            """Tokens of one row, special tokens included, that the network was trained on."""
            self.fit: Mapping[str, Any] = tasks[task]["fit"]
            """What was fitted to the numbers, as JSON values."""
            at = OUTPUTS * list(tasks).index(task)
        except (KeyError, TypeError, ValueError):
            raise self.unusable(ValueError(f"it was not trained as a {task}")) from None
        self._columns = slice(at, at + OUTPUTS)

    def _tokens(self, text: str) -> TokenisedText:
        return self._files.tokenizer.tokenise([text])[0]

    def read(self, pairs: Sequence[TextPair]) -> list[Logits]:
        """Return what the network says of each pair, in order."""
        rows = [self._row(pair) for pair in pairs]
        between = len(self._files.tokenizer.between)

        def logits(at: int, numbers: Floats) -> Logits:
            own, passage = numbers[:, self._columns], rows[at].second
            return Logits(whole=own[0], asked=own[1 : passage - between], passage=own[passage:-1])

        return self._files.each(rows, logits)

    def _row(self, pair: TextPair) -> Row:
        tokenizer = self._files.tokenizer
        first, last = tokenizer.special
        before = [first, *self.tokens(pair.asked).ids[:MAX_ASKED], *tokenizer.between]
        passage = self.tokens(pair.passage).ids[pair.first : pair.end]
        passage = passage[: self._files.about.max_tokens - len(before) - 1]
        return Row(ids=[*before, *passage, last], second=len(before))

    def unusable(self, error: Exception) -> ModelError:
        """Return what to raise where ``fit`` cannot be used."""
        name = self._files.about.version
        return ModelError(f"{name} cannot be used ({error}): install the package again.")


@cache
def _builtin(threads: int | None) -> ModelFiles:
    return ModelFiles(BUILTIN, needs="tasks", threads=threads)


def load_task(task: str, directory: Path | None, *, threads: int | None = None) -> PairTask:
    """Return a task of the network in a folder, or of the package's, which all bots share.

    Weights are opened on first use.

    Raises:
        ModelError: if the description is missing or unreadable, or the network has not this task.
    """
    own = None if directory is None else ModelFiles(directory, needs="tasks", threads=threads)
    return PairTask(own or _builtin(threads), task)
