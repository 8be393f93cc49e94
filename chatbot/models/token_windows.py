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
from chatbot.types import Span

if TYPE_CHECKING:
    from tokenizers import Encoding

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
        """Return the first token that a span overlaps and the one behind the last.

        They are equal where the span has none.
        """
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        end = int(np.searchsorted(self.starts, span.end, side="left"))
        return first, max(first, end)


class WindowTokenizer:
    """A ``tokenizer.json`` cut into windows. Thread safe: nothing is set after construction."""

    def __init__(self, path: Path, data: bytes, *, max_tokens: int) -> None:
        """Load the tokenizer.

        Args:
            path: where it lies, for the errors.
            data: a ``tokenizer.json`` of Hugging Face's ``tokenizers``.
            max_tokens: length of a row, special tokens included.

        Raises:
            ModelError: if it is unreadable.
        """
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_buffer(data)
        except (ValueError, TypeError) as error:
            raise ModelError(f"The tokenizer {path} cannot be read ({error}).") from None
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._inner = max_tokens - 2
        special = self._tokenizer.encode("").ids
        if len(special) != 2:
            raise ModelError(
                f"The tokenizer {path} does not put one token before and one after a text."
            )
        self.special: tuple[int, int] = (special[0], special[1])
        """The ids before and after a text."""

    @cached_property
    def between(self) -> tuple[int, ...]:
        """The ids between two texts that are read together."""
        return tuple(self._tokenizer.encode("", "").ids[1:-1])

    def tokenise(self, text: str) -> TokenisedText:
        """Return all tokens of a text with their places."""
        return _tokenised(self._encode([text])[0])

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens left out."""
        return [len(encoding.ids) for encoding in self._encode(texts)]

    def windows(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, limit: int
    ) -> tuple[list[Row], list[NDArray[np.intp]]]:
        """Return the rows of the texts, and the tokens of each span.

        Args:
            texts: the texts.
            spans: for each text its spans; of a text without any, only the beginning is a row.
            limit: most rows for one text.

        Returns:
            The rows, those of one text in order; and for each text an array (k, 2): first token
            and end token of each span, counted over the whole text without special tokens. A
            token belongs to each span that it overlaps. First == end where a span has none.
        """
        rows: list[Row] = []
        ranges: list[NDArray[np.intp]] = []
        before, after = self.special
        for index, (encoding, wanted) in enumerate(zip(self._encode(texts), spans, strict=True)):
            text = _tokenised(encoding, most=self._inner * (limit if wanted else 1))
            for start in range(0, max(1, len(text.ids)), self._inner):
                ids = [before, *text.ids[start : start + self._inner], after]
                rows.append(Row(text=index, start=start, ids=ids))
            found = [text.range_of(span) for span in wanted]
            ranges.append(np.array(found, dtype=np.intp).reshape(-1, 2))
        return rows, ranges

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        try:
            return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        except TypeError:  # a lone surrogate is not text for the tokenizer; one for one, see spans
            clean = [_SURROGATE.sub("\ufffd", text) for text in texts]
            return self._tokenizer.encode_batch(clean, add_special_tokens=False)


def _tokenised(encoding: Encoding, *, most: int | None = None) -> TokenisedText:
    offsets = np.asarray(encoding.offsets[:most], dtype=np.intp).reshape(-1, 2)
    return TokenisedText(ids=encoding.ids[:most], starts=offsets[:, 0], ends=offsets[:, 1])
