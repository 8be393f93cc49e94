"""The parts of documents that a model reads one after the other, and what it told of each.

A part is as many whole sections as fit; a longer section is cut between sentences. Knows no model.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from chatbot.answering.tuning import TUNING
from chatbot.types import Answer, RetrievedSentence, Verdict

_STANDS = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.QUOTED)


def cut(sentences: Sequence[RetrievedSentence]) -> list[list[RetrievedSentence]]:
    """Return sentences in parts that a model can read at once.

    Args:
        sentences: of documents, in their order.
    """
    parts: list[list[RetrievedSentence]] = [[]]
    room = TUNING.part
    for _, group in groupby(sentences, key=lambda one: (one.document_id, one.heading)):
        section = list(group)
        long = sum(len(one.text) for one in section)
        for piece in [section] if long <= TUNING.part else [[one] for one in section]:
            cost = sum(len(one.text) for one in piece)
            if cost > room and parts[-1]:
                parts.append([])
                room = TUNING.part
            parts[-1] += piece
            room -= cost
    return parts if parts[0] else []


def told_of(
    part: Sequence[RetrievedSentence], answer: Answer, *, most: int
) -> list[RetrievedSentence]:
    """Return the first sentences of a part that claims which stand the check rest on."""
    standing = {m for one in answer.claims if one.verdict in _STANDS for m in one.citations}
    cited = {
        (one.document_id, one.sentence_index) for one in answer.citations if one.marker in standing
    }
    return [one for one in part if (one.document_id, one.index) in cited][:most]
