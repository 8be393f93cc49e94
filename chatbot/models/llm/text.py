"""Two looks at a model's raw text: thinking aloud that is no answer, and text that is no language.

Knows nothing of servers, documents or markers.
"""

from __future__ import annotations

import re
import unicodedata

_TAGS = ("think", "thinking", "thought", "reasoning", "reflection")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]+")
_NO_VOWEL_OR_LONG_CLUSTER = re.compile(r"[^aeiouy]+|.*[^aeiouy]{6}.*")
_LOOP = re.compile(r"\b([^\W_]{1,40})(?:\W+\1\b){19}|([^\W_])\2{79}")


class ThoughtFilter:
    """Drops a block of thinking (``<think>`` and its like) from the start of a stream.

    Local reasoning models write it into the answer itself when their server does not take it out.
    """

    def __init__(self) -> None:
        self._held: str | None = ""
        """Text from the start that may yet be thinking; None once the answer has begun."""
        self.found = False

    def feed(self, delta: str) -> str:
        """Return the part of ``delta`` that is answer; it may come later than it was fed."""
        if self._held is None:
            return delta
        self._held += delta
        start = self._held.lstrip()
        if tag := _tag_of(start):
            self.found = True
            _, closed, rest = start.partition(f"</{tag}>")
            if not closed or not rest.strip():
                return ""
            start = rest.lstrip()
        elif any(f"<{tag}>".startswith(start) for tag in _TAGS):
            return ""
        self._held = None
        return start

    def finish(self) -> str:
        """Return what was held back and is answer after all."""
        held, self._held = self._held or "", None
        return "" if _tag_of(held.lstrip()) else held


def _tag_of(text: str) -> str:
    return next((tag for tag in _TAGS if text.startswith(f"<{tag}>")), "")


def is_gibberish(text: str) -> bool:
    """Return whether ``text`` cannot be an answer in any language. In doubt it can.

    True for: no letter and no digit at all; a third of it replacement, control or unassigned
    characters; one word twenty times or one character eighty times in a row; most of at least six
    lower-case Latin words impossible to pronounce. Scripts without spaces or vowels are left alone.
    """
    visible = [char for char in text if not char.isspace()]
    if not any(char.isalnum() for char in visible):
        return True
    broken = sum(char == "\ufffd" or unicodedata.category(char) in _BROKEN for char in visible)
    if 3 * broken >= len(visible) or _LOOP.search(text):
        return True
    latin = [word for word in _WORD.findall(text) if len(word) >= 4 and _LATIN.fullmatch(word)]
    odd = sum(bool(_NO_VOWEL_OR_LONG_CLUSTER.fullmatch(word)) for word in latin)
    return len(latin) >= 6 and 2 * odd > len(latin)


_BROKEN = {"Cc", "Cn", "Co", "Cs"}
