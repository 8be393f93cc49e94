"""Text becomes rows of token ids for a BERT-like model, and spans become ranges of tokens.

A row is ``[CLS] tokens [SEP]``, at most ``max_tokens`` long. A text that is longer gives further
rows, so that spans behind the first window have token vectors too. Knows no session.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.onnx import read_verified
from chatbot.types import Span

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One input of the model."""

    text: int
    """Position of its text in the call."""
    start: int
    """How many of the text's tokens come before this row; 0 for its beginning."""
    ids: list[int]
    """Token ids, with [CLS] and [SEP]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenisedText:
    """The tokens of a text, without special tokens."""

    ids: list[int]
    starts: NDArray[np.intp]
    """(tokens,) the first character of each."""
    ends: NDArray[np.intp]
    """(tokens,)"""

    def range_of(self, span: Span) -> tuple[int, int]:
        """Return the first token of a span and the one behind it; equal where it has none."""
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        end = int(np.searchsorted(self.starts, span.end, side="left"))
        return first, max(first, end)


class WindowTokenizer:
    """A ``tokenizer.json`` cut into windows. Thread safe: nothing is set after construction."""

    def __init__(self, path: Path, *, sha256: str | None, max_tokens: int) -> None:
        """Load the tokenizer.

        Args:
            path: a ``tokenizer.json`` of Hugging Face's ``tokenizers``.
            sha256: what its content must hash to; None takes it as it is.
            max_tokens: length of a row, special tokens included.

        Raises:
            ModelError: if it is missing, changed or unreadable.
        """
        data = read_verified(path, sha256=sha256)
        self._tokenizer = _parse(data, path)
        self._inner = max_tokens - 2
        special = self._tokenizer.encode("").ids
        if len(special) != 2:
            raise ModelError(
                f"The tokenizer {path} does not put one token before and one after a text."
            )
        self._first, self._last = special

    @property
    def special(self) -> tuple[int, int]:
        """The ids before and after a text."""
        return self._first, self._last

    @cached_property
    def between(self) -> tuple[int, ...]:
        """The ids between two texts that are read together."""
        return tuple(self._tokenizer.encode("", "").ids[1:-1])

    def tokenise(self, text: str) -> TokenisedText:
        """Return all tokens of a text with their places."""
        encoding = self._encode([text])[0]
        offsets = np.asarray(encoding.offsets, dtype=np.intp).reshape(-1, 2)
        return TokenisedText(ids=encoding.ids, starts=offsets[:, 0], ends=offsets[:, 1])

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens left out."""
        return [len(encoding.ids) for encoding in self._encode(texts)]

    def rows(self, texts: Sequence[str]) -> list[Row]:
        """Return one row for each text: its beginning."""
        return [
            self._row(index, 0, encoding.ids[: self._inner])
            for index, encoding in enumerate(self._encode(texts))
        ]

    def windows(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, limit: int
    ) -> tuple[list[Row], list[NDArray[np.intp]]]:
        """Return all rows of the texts, and the tokens of each span.

        Args:
            texts: the texts.
            spans: for each text its spans.
            limit: most rows for one text.

        Returns:
            The rows, those of one text in order; and for each text an array (k, 2): first token
            and end token of each span, counted over the whole text without special tokens. A
            token belongs to each span that it overlaps. First == end where a span has none.
        """
        rows: list[Row] = []
        ranges: list[NDArray[np.intp]] = []
        for index, (encoding, wanted) in enumerate(zip(self._encode(texts), spans, strict=True)):
            ids = encoding.ids
            end = min(len(ids), self._inner * (limit if wanted else 1))
            for start in range(0, max(1, end), self._inner):
                rows.append(self._row(index, start, ids[start : start + self._inner]))
            ranges.append(_token_ranges(encoding, wanted, end=end))
        return rows, ranges

    def _row(self, text: int, start: int, ids: list[int]) -> Row:
        return Row(text=text, start=start, ids=[self._first, *ids, self._last])

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        try:
            return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        except TypeError:  # a lone surrogate is not text for the tokenizer; one for one, see spans
            clean = [_SURROGATE.sub("\ufffd", text) for text in texts]
            return self._tokenizer.encode_batch(clean, add_special_tokens=False)


def _parse(data: bytes, path: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_buffer(data)
    except (ValueError, TypeError) as error:
        raise ModelError(f"The tokenizer {path} cannot be read ({error}).") from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _token_ranges(encoding: Encoding, spans: Sequence[Span], *, end: int) -> NDArray[np.intp]:
    if not spans:
        return np.zeros((0, 2), dtype=np.intp)
    offsets = np.asarray(encoding.offsets, dtype=np.intp).reshape(-1, 2)[:end]
    starts = np.array([span.start for span in spans])
    ends = np.array([span.end for span in spans])
    first = np.searchsorted(offsets[:, 1], starts, side="right")
    last = np.searchsorted(offsets[:, 0], ends, side="left")
    return np.stack([first, np.maximum(first, last)], axis=1)
