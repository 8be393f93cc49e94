"""Rows of one table that compete for a question: "Puncture, rear wheel | 18" and the front wheel's.

Rows are nearly the same text, so that scores hardly tell them apart; the words of the question do.
Knows no weights; used by ``reader_pair``.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot.models.candidates import Candidate
from chatbot.models.words import content_stems

_CELLS = " | "


def outdone_rows(question: str, candidates: Sequence[Candidate]) -> frozenset[int]:
    """Return the places of rows that another row of their passage outdoes.

    That row has every word of the question that they have, and one more.
    """
    asked = content_stems(question)
    rows = {
        at: (one.passage, asked & content_stems(one.text))
        for at, one in enumerate(candidates)
        if _CELLS in one.text and not one.heading
    }
    return frozenset(
        at
        for at, (passage, found) in rows.items()
        if any(passage == beside and found < more for beside, more in rows.values())
    )
