"""What the reader's model looks at: one row of numbers for each candidate sentence.

Retrieval signals, and rules on the question (its kind, names, numbers) held against the sentence
and its passage. A question that names something its passage does not hold is likely not answered
there. Knows no weights; used by ``reader`` and by ``training/reader``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from chatbot.models.candidates import Candidate
from chatbot.models.reader_question import AnswerKind, QuestionKind, question_kind
from chatbot.models.reader_soft import SOFT_FEATURES, SoftMatcher
from chatbot.models.reader_spans import spans_of_kind
from chatbot.models.words import STOP_WORDS, Word, stems, word_stem, words
from chatbot.types import Span

Floats = NDArray[np.float32]

_KINDS = tuple(AnswerKind)
_TYPED = (
    (AnswerKind.DATE,),
    (AnswerKind.NUMBER,),
    (AnswerKind.PERSON, AnswerKind.NAME, AnswerKind.PLACE),
)
_NEGATION = re.compile(r"\b(?:not|no|never|none|nor|without|n't)\b|n['’]t\b", re.IGNORECASE)
_ROLE = re.compile(r"\W*(?:who|what|which)(?:\s+is|\s+was|\s+are|\s+were|['’]s)\s", re.IGNORECASE)
_FAR = 20.0
_MATCHED = 5
"""Candidates whose words are compared by their vectors, which costs a pass of the embedder."""

FEATURES = (
    "dense", "chunk_dense", "coverage", "with_before", "in_chunk", "phrases", "neighbour",
    "below_best", "above_next", "rank", "terms", "names_here", "names_near", "names_passage",
    "numbers_here", "numbers_passage", "typed_here", "typed_passage", "typed_distance",
    "noun_here", "noun_passage", "last_here", "last_passage", "plain_coverage", "missing_passage",
    "missing_all", "pairs_passage", "length", "passage_length", "asks", "negation", "lower_case",
    "half_here", "half_passage", "rival_here", "role_unmet", "date_lacking", "number_lacking",
    "name_lacking",
    *(f"kind_{kind.value}" for kind in _KINDS), *SOFT_FEATURES,
)  # fmt: skip
"""Names of the columns, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    text: str
    kind: QuestionKind
    content: tuple[str, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    phrases: tuple[tuple[str, str], ...]
    """Pairs of content words that stand side by side: "prime minister"."""
    role: bool
    """"Who is the …", "What was the …": every word of the description counts."""


def features(question: str, candidates: Sequence[Candidate], matcher: SoftMatcher) -> Floats:
    """Return the features of the candidates of one question: (candidates, len(FEATURES)).

    Args:
        question: standing alone.
        candidates: best first, as retrieval gives them; they are compared with each other.
        matcher: compares the words of the first few by their vectors; the others get the least
            of what these have. NaN where it cannot.
    """
    asked = _read_question(question)
    everywhere = frozenset(stem for c in candidates for stem in stems(c.passage))
    missing_all = sum(stem not in everywhere for stem in asked.content) / max(1, len(asked.content))
    rows = np.zeros((len(candidates), len(FEATURES)), dtype=np.float32)
    for at, candidate in enumerate(candidates):
        following = candidates[at + 1].score if at + 1 < len(candidates) else candidate.score - 5
        rows[at, :11] = (
            *astuple(candidate.signals),
            candidates[0].score - candidate.score,
            candidate.score - following,
            at,
            len(asked.content),
        )
        own = _sentence_features(asked, candidate, missing_all)
        rows[at, 11 : 11 + len(own)] = own
        rows[at, FEATURES.index(f"kind_{asked.kind.answer.value}")] = 1
    if candidates:
        soft = matcher.match(question, [candidate.text for candidate in candidates[:_MATCHED]])
        rows[:, -len(SOFT_FEATURES) :] = soft.min(axis=0)
        rows[: len(soft), -len(SOFT_FEATURES) :] = soft
    return rows


def new_spans(question: str, text: str, kind: AnswerKind) -> tuple[Span, ...]:
    """Return the spans of this kind in a sentence, without the words the question holds itself.

    "NATO Secretary General Mark Rutte" is "Mark Rutte" to "Who is the NATO Secretary General?".
    """
    known = frozenset(stems(question))
    trimmed = (_trim(text, span, known) for span in spans_of_kind(text, kind))
    return tuple(span for span in trimmed if span is not None)


def _trim(text: str, span: Span, known: frozenset[str]) -> Span | None:
    found = words(text[span.start : span.end])
    new = [word for word in found if word.stem not in known]
    if not new:
        return None
    if len(new) == len(found):
        return span
    return Span(start=span.start + new[0].start, end=span.start + new[-1].end)


def _read_question(question: str) -> _Question:
    found = words(question)
    content = [word for word in found if not word.is_stop]
    in_order = [word.stem for word in found]
    names = frozenset(word.stem for word in found[1:] if _is_name(word))
    return _Question(
        text=question,
        kind=question_kind(question),
        content=tuple(dict.fromkeys(word.stem for word in content)),
        names=names,
        numbers=frozenset(word.stem for word in content if word.surface[0].isdigit()),
        pairs=frozenset(pairwise(in_order)),
        phrases=tuple(
            (one.stem, other.stem)
            for one, other in pairwise(found)
            if not one.is_stop and not other.is_stop
        ),
        role=bool(_ROLE.match(question)),
    )


def _is_name(word: Word) -> bool:
    return word.surface[0].isupper() and not word.is_stop


def _sentence_features(
    asked: _Question, candidate: Candidate, missing_all: float
) -> tuple[float, ...]:
    here = stems(candidate.text)
    in_passage = stems(candidate.passage)
    known, around = frozenset(here), frozenset(in_passage)
    before = candidate.passage[max(0, candidate.start - 300) : candidate.start]
    near = known | frozenset(stems(before))
    typed = new_spans(asked.text, candidate.text, asked.kind.answer)
    noun = None if asked.kind.noun is None else word_stem(asked.kind.noun)
    last = asked.content[-1] if asked.content else None
    negated = bool(_NEGATION.search(asked.text)) != bool(_NEGATION.search(candidate.text))
    return (
        _share(asked.names, known),
        _share(asked.names, near),
        _share(asked.names, around),
        _share(asked.numbers, known),
        _share(asked.numbers, around),
        min(3, len(typed)),
        min(6, len(new_spans(asked.text, candidate.passage, asked.kind.answer))),
        _distance(candidate.text, typed, asked.content),
        -1.0 if noun is None else float(noun in known),
        -1.0 if noun is None else float(noun in around),
        -1.0 if last is None else float(last in known),
        -1.0 if last is None else float(last in around),
        _share(frozenset(asked.content), known),
        sum(stem not in around for stem in asked.content),
        missing_all,
        len(asked.pairs.intersection(pairwise(in_passage))) / max(1, len(asked.pairs)),
        math.log1p(len(here)),
        math.log1p(len(in_passage)),
        float(candidate.text.rstrip().endswith("?")),
        float(negated),
        float(asked.text == asked.text.lower()),
        _half_met(asked.phrases, known),
        _half_met(asked.phrases, around),
        _rivals(asked, here),
        asked.role * (1 - _share(frozenset(asked.content), around)),
        *(float(asked.kind.answer in kinds and not typed) for kinds in _TYPED),
    )


def _half_met(phrases: Sequence[tuple[str, str]], known: frozenset[str]) -> float:
    """Share of the question's phrases of which just one word is there."""
    half = sum((one in known) != (other in known) for one, other in phrases)
    return half / max(1, len(phrases))


def _rivals(asked: _Question, here: Sequence[str]) -> float:
    """Count words that stand in the place of a missing one: "defense" before "minister".

    The question's "prime minister" is half met by a sentence in which another content word stands
    before "minister" and "prime" nowhere.
    """
    known = frozenset(here)
    missing = {other for one, other in asked.phrases if other in known and one not in known}
    before = {
        other
        for one, other in pairwise(here)
        if other in missing and one not in STOP_WORDS and one not in asked.content
    }
    return float(len(before))


def _share(wanted: frozenset[str], known: frozenset[str]) -> float:
    return len(wanted & known) / len(wanted) if wanted else 1.0


def _distance(text: str, spans: Sequence[Span], content: Sequence[str]) -> float:
    """Words between the nearest of the spans and the nearest word of the question."""
    found = words(text)
    wanted = frozenset(content)
    matched = [at for at, word in enumerate(found) if word.stem in wanted]
    typed = [
        at
        for at, word in enumerate(found)
        if any(span.start <= word.start < span.end for span in spans) and word.stem not in wanted
    ]
    gaps = [abs(one - other) for one in matched for other in typed]
    return min([*map(float, gaps), _FAR])
