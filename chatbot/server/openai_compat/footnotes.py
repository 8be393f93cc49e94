"""Citations as footnotes below a text, for clients that show nothing but text. Pure."""

from __future__ import annotations

import re
from typing import Final

from chatbot.types import Answer, Citation

_RULE: Final = "\n\n---\n"
_LINE: Final = re.compile(r"\[\d+\] “.*” \(.*\)|Note: .*")


def footnotes(answer: Answer) -> str:
    """Return what stands below the answer's text: its citations and its notice, or ""."""
    lines = [_line(citation) for citation in answer.citations]
    if answer.notice:
        lines.append(f"Note: {_flat(answer.notice)}")
    return _RULE + "\n".join(lines) if lines else ""


def without_footnotes(text: str) -> str:
    """Return a text that a client sends back without the footnotes that it got."""
    body, rule, notes = text.rpartition(_RULE)
    if rule and all(_LINE.fullmatch(line) for line in notes.rstrip().splitlines()):
        return body
    return text


def _line(citation: Citation) -> str:
    place = [citation.title]
    if citation.page is not None:
        place.append(f"page {citation.page}")
    place.append(f"sentence {citation.sentence_index + 1}")
    return f"[{citation.marker}] “{_flat(citation.text)}” ({_flat(', '.join(place))})"


def _flat(text: str) -> str:
    return " ".join(text.split())
