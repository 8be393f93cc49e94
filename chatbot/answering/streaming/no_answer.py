"""The word by which a model says that the documents do not answer, kept from ever being shown.

Knows no model and no documents.
"""

from __future__ import annotations

NO_ANSWER = "NO_ANSWER"
_FORMS = (NO_ANSWER, "NO\\_ANSWER", "NO ANSWER", "NO-ANSWER")
"""How models write it; in capitals only: an answer may begin with "No answer was given"."""
_DECORATION = "\"'`*_[(“"
_LONGEST_DECORATION = 4


class NoAnswerFilter:
    """Takes the deltas of a model; lets the answer through, without blanks at both ends.

    ``found`` is set when the answer begins with the word: then nothing of it is let through. The
    word in a later place is cut out: a part was answered.
    """

    def __init__(self) -> None:
        self.found = False
        self._begun = False
        self._held = ""

    def feed(self, delta: str) -> str:
        """Return what may be shown now."""
        return self._pass(delta, final=False)

    def finish(self) -> str:
        """Return what was held back to the end."""
        return self._pass("", final=True)

    def _pass(self, delta: str, *, final: bool) -> str:
        if self.found:
            return ""
        text = self._held + delta
        if not self._begun:
            text = text.lstrip()
            head = _undecorated(text)
            if any(head.startswith(form) for form in _FORMS):
                self.found = True
                return ""
            if not final and any(form.startswith(head) for form in _FORMS):
                self._held = text
                return ""
            self._begun = bool(text)
        *before, last = text.split(NO_ANSWER)
        waits = 0 if final else _open_end(last)
        text = "".join(before) + last
        shown = text[: len(text) - waits].rstrip()
        self._held = text[len(shown) :]
        return shown


def _undecorated(text: str) -> str:
    start = 0
    while start < min(len(text), _LONGEST_DECORATION) and text[start] in _DECORATION:
        start += 1
    return text[start:]


def _open_end(text: str) -> int:
    """Return how many characters at the end may be the beginning of the word."""
    for length in range(min(len(NO_ANSWER) - 1, len(text)), 0, -1):
        if NO_ANSWER.startswith(text[-length:]):
            return length
    return 0
