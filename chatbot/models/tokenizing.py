"""Text becomes token ids, and spans of it become ranges of tokens. Knows no network."""

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
class TokenisedText:
    """The tokens of a text, without special tokens."""

    ids: list[int]
    starts: NDArray[np.intp]
    """(tokens,) the first character of each."""
    ends: NDArray[np.intp]
    """(tokens,)"""

    def beginning(self, most: int) -> TokenisedText:
        """Return the first tokens."""
        return TokenisedText(ids=self.ids[:most], starts=self.starts[:most], ends=self.ends[:most])

    def range_of(self, span: Span) -> tuple[int, int]:
        """Return the first token that a span overlaps and the one behind the last.

        They are equal where the span has none.
        """
        first = int(np.searchsorted(self.ends, span.start, side="right"))
        end = int(np.searchsorted(self.starts, span.end, side="left"))
        return first, max(first, end)


class TextTokenizer:
    """A ``tokenizer.json`` of Hugging Face's ``tokenizers``. Thread safe."""

    def __init__(self, path: Path, data: bytes) -> None:
        """Load the content of a file; ``path`` is for the ModelError if it is unreadable."""
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_buffer(data)
        except (ValueError, TypeError) as error:
            raise ModelError(f"The tokenizer {path} cannot be read ({error}).") from None
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
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

    def tokenise(self, texts: Sequence[str]) -> list[TokenisedText]:
        """Return all tokens of each text with their places."""
        found = []
        for encoding in self._encode(texts):
            places = np.asarray(encoding.offsets, dtype=np.intp).reshape(-1, 2)
            found.append(TokenisedText(ids=encoding.ids, starts=places[:, 0], ends=places[:, 1]))
        return found

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens left out."""
        return [len(encoding.ids) for encoding in self._encode(texts)]

    def _encode(self, texts: Sequence[str]) -> list[Encoding]:
        try:
            return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        except TypeError:  # a lone surrogate is not text for the tokenizer; one for one, see spans
            clean = [_SURROGATE.sub("\ufffd", text) for text in texts]
            return self._tokenizer.encode_batch(clean, add_special_tokens=False)
