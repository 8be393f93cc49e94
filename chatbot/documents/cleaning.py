"""Makes decoded text safe to store: one kind of line break, no control and no invisible characters.

Nothing else is changed: no Unicode normalisation, no replaced quotes or dashes, no dropped spaces.
What was taken out is counted, so that the document can say so.
"""

from __future__ import annotations

import re
from collections import Counter

from chatbot.documents.limits import MAX_SOURCE_CHARS, MAX_TITLE_CHARS

_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Zero-width, direction marks and overrides, soft hyphen, byte order mark, tag characters: a reader
# does not see them, and they can hide instructions or break up the words that are searched.
_MARKS = (
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
# One variation selector behind an emoji or an ideograph chooses its shape; behind a letter, or
# several in a row, they choose nothing and can carry a hidden text, a byte each.
_SELECTOR = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_INVISIBLE = re.compile(f"{_MARKS}|{_SELECTOR}{{2,}}|(?<![^A-Za-z\\s]){_SELECTOR}")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SPACES = re.compile(r"[\n\t]")
_SURROGATES = re.compile("[\ud800-\udfff]")


_TAKEN = (
    (_CONTROLS, "", "control character", "removed"),
    (_INVISIBLE, "", "invisible character", "removed"),
    (_SURROGATES, "\ufffd", "broken character", "replaced"),
)


class Cleaner:
    """Cleans the pieces of one document and counts what it took out."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def clean(self, text: str) -> str:
        r"""Return ``text`` with ``\n`` for every line break and without what cannot be seen."""
        text = _BREAKS.sub("\n", text)
        for pattern, instead, noun, _ in _TAKEN:
            text, count = pattern.subn(instead, text)
            self._counts[noun] += count
        return text

    @property
    def warnings(self) -> tuple[str, ...]:
        """One sentence for each kind of thing that was taken out."""
        counts = self._counts
        return tuple(
            f"{counted(counts[noun], noun)} {done}." for *_, noun, done in _TAKEN if counts[noun]
        )


def counted(count: int, noun: str) -> str:
    """Return "1 picture was" or "3 pictures were", for a sentence on what was left out."""
    return f"{count:,} {noun}{' was' if count == 1 else 's were'}"


def clean_title(text: str) -> str:
    """Return ``text`` as one line of single spaces, at most ``MAX_TITLE_CHARS`` long."""
    return _shortened(" ".join(Cleaner().clean(text).split()), MAX_TITLE_CHARS)


def clean_name(text: str) -> str:
    """Return a path or a source as one line, its spaces kept, at most ``MAX_SOURCE_CHARS`` long."""
    return _shortened(_SPACES.sub(" ", Cleaner().clean(text)), MAX_SOURCE_CHARS)


def _shortened(line: str, limit: int) -> str:
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
