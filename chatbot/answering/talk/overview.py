"""An overview in quoted sentences: the lead, and central sentences that differ from each other.

Of a document with headings its sections are covered, the longest first. A language model reads
documents in parts instead: as many whole sections as fit; a longer one is cut between sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from chatbot.answering.quoting import LEANING
from chatbot.answering.retrieve import retrieved
from chatbot.answering.tuning import TUNING
from chatbot.models.word_stems import content_stems
from chatbot.store import StoredChunk
from chatbot.types import Answer, RetrievedSentence, Sentence, Verdict

_STANDS = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.QUOTED)
MOST_CHUNKS = 400  # chunks of one document that an overview looks at: some 60,000 words
_FEWEST = 5  # words worth searching for, below which a sentence says too little to stand alone
_CROWDED = 0.3  # what a sentence loses for being like one that is chosen, for each unit of cosine
_EARLY = 0.2
"""What the first sentence of a section gains, the second half of it and so on; and what the first
of the document gains, the middle one half of it. Papers of ScisummNet, ``benchmarks.overviews``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    chunk: StoredChunk
    sentence: Sentence
    vector: np.ndarray | None


def overview_of(
    chunks: Sequence[StoredChunk], *, count: int = TUNING.overview
) -> list[RetrievedSentence]:
    """Return at most so many sentences that tell what a document is about, in its order."""
    candidates = _candidates(chunks)
    if not candidates:
        return [retrieved(c, s) for c in chunks[:1] for s in c.sentences[:count]]
    wanted = max(1, min(count, max(3, len(candidates) // 2)))
    known = all(one.vector is not None for one in candidates)
    chosen = sorted(_central(candidates, wanted)) if known else range(len(candidates))[:wanted]
    return [retrieved(candidates[at].chunk, candidates[at].sentence) for at in chosen]


def _candidates(chunks: Sequence[StoredChunk]) -> list[_Candidate]:
    """Return the sentences that can stand in an overview: prose, not headings, rows, questions."""
    found: list[_Candidate] = []
    seen: set[str] = set()
    for chunk in chunks:
        vectors = chunk.content.vectors
        for at, one in enumerate(chunk.sentences):
            prose = one.header is None and not one.is_heading and one.text.rstrip()[-1:] in ".!。．"
            alone = prose and (not found or not LEANING.match(one.text))  # "This lease …" leads
            if alone and len(content_stems(one.text)) >= _FEWEST and one.text not in seen:
                seen.add(one.text)
                vector = None if vectors is None else vectors[at]
                found.append(_Candidate(chunk=chunk, sentence=one, vector=vector))
    if found:
        return found
    # A document without prose has rows and items.
    return [
        _Candidate(chunk=chunk, sentence=one, vector=None)
        for chunk in chunks
        for one in chunk.sentences
        if not one.is_heading
    ]


def _central(candidates: Sequence[_Candidate], wanted: int) -> list[int]:
    """Return the lead and the most central sentences, each section once before any twice."""
    vectors = np.stack([one.vector for one in candidates if one.vector is not None])
    centre = vectors.mean(axis=0)
    central = np.vecdot(vectors, centre) / max(float(np.linalg.norm(centre)), 1e-9)
    sections = [one.sentence.heading for one in candidates]
    sizes = {name: sections.count(name) for name in sections}
    central += _EARLY * _earliness(sections)
    chosen = [0]
    while len(chosen) < wanted:
        crowd = np.vecdot(vectors[:, None, :], vectors[chosen][None, :, :]).max(axis=1)
        worth = central - _CROWDED * crowd
        told = {sections[at] for at in chosen}
        fresh = [at for at in range(len(candidates)) if sections[at] not in told]
        if fresh:  # the longest section that nothing was told of
            largest = max(sizes[sections[at]] for at in fresh)
            fresh = [at for at in fresh if sizes[sections[at]] == largest]
        rest = fresh or [at for at in range(len(candidates)) if at not in chosen]
        if not rest:
            break
        chosen.append(max(rest, key=lambda at: worth[at]))
    return chosen


def _earliness(sections: Sequence[str | None]) -> np.ndarray:
    """Return how early each sentence stands in its section and in the document, in (0, 2]."""
    seen: Counter[str | None] = Counter()
    found = []
    for at, name in enumerate(sections):
        seen[name] += 1
        found.append(1 / seen[name] + 1 - at / len(sections))
    return np.array(found)


def cut(sentences: Sequence[RetrievedSentence]) -> list[list[RetrievedSentence]]:
    """Return sentences of documents, in their order, in parts that a model can read at once."""
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
