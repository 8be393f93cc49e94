"""Formulas as their papers define them, and the words they compare. Pure.

Exact match and token F1: Rajpurkar et al. 2016, section 6.1, and 2018, section 3: lower case, no
punctuation, no articles; the best gold answer counts, and a question without one is right when the
prediction is empty.

ECE = Σ over bins of |bin| / n · |mean score - share right|, ten bins of equal width over [0, 1]
(Guo et al. 2017, equation 3).

The risk-coverage curve: answers in falling order of confidence; at each cut, coverage = answered /
all cases and risk = wrong / answered. AURC is the mean risk over the cuts. Answers of equal
confidence are cut together (El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017).
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import fmean
from typing import NamedTuple

BINS = 10
MARKER = re.compile(r"\[(\d{1,6})\]")
_TOKEN = re.compile(r"\d+(?:[.,:/]\d+)+(?!\w)|\w+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def without_markers(text: str) -> str:
    """Return an answer's text without ``[1]`` and the like."""
    return " ".join(MARKER.sub(" ", text).split())


def words(text: str) -> list[str]:
    """Return the words in lower case without punctuation; "1,000,000" is one word, "1000000"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    found = _TOKEN.findall(folded)
    return [w.replace(",", "") if _THOUSANDS.fullmatch(w) else w for w in found]


def holds(text: Sequence[str], part: Sequence[str]) -> bool:
    """Return whether the words of ``part`` stand in ``text`` as one run."""
    size = len(part)
    starts = range(len(text) - size + 1) if size else ()
    return any(list(text[at : at + size]) == list(part) for at in starts)


def tokens(text: str) -> list[str]:
    """Return the words that SQuAD compares."""
    plain = text.lower().translate(_PUNCTUATION)
    return re.sub(r"\b(?:a|an|the)\b", " ", plain).split()


def exact(prediction: str, golds: Sequence[str]) -> float:
    """Return 1.0 if the prediction, empty for a refusal, is one of the answers; else 0.0."""
    said = tokens(prediction)
    return float(any(said == tokens(gold) for gold in golds or ("",)))


def token_f1(prediction: str, golds: Sequence[str]) -> float:
    """Return the best F1 of the words over the answers, in [0, 1]; a refusal is an empty text."""
    said = tokens(prediction)
    return max(_f1(said, tokens(gold)) for gold in golds or ("",))


def _f1(said: Sequence[str], gold: Sequence[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    common = (Counter(said) & Counter(gold)).total()
    return 2 * common / (len(said) + len(gold))


def bins(pairs: Iterable[tuple[float, bool]]) -> list[tuple[float, float, int]]:
    """Return (mean score, share right, how many) of each filled bin of (score, right)."""

    def place(pair: tuple[float, bool]) -> int:
        return min(int(pair[0] * BINS), BINS - 1)

    found = []
    for _, group in groupby(sorted(pairs, key=place), key=place):
        scores, rights = zip(*group, strict=True)
        found.append((fmean(scores), fmean(rights), len(scores)))
    return found


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Return ECE in [0, 1]; None for no pairs."""
    total = sum(count * abs(score - right) for score, right, count in bins(pairs))
    return total / len(pairs) if pairs else None


class Cut(NamedTuple):
    """One point of the risk-coverage curve: answering everything down to this confidence."""

    coverage: float
    risk: float
    answers: int
    """How many have this confidence."""


def risk_coverage(answers: Iterable[tuple[float, bool]], *, cases: int) -> list[Cut]:
    """Return the curve of (confidence, right) of all answers given, the most confident first.

    ``cases`` is the number of all cases, refused ones too.
    """
    cuts: list[Cut] = []
    answered = wrong = 0
    for _, group in groupby(sorted(answers, key=lambda pair: -pair[0]), key=lambda pair: pair[0]):
        rights = [right for _, right in group]
        answered += len(rights)
        wrong += rights.count(False)
        cuts.append(Cut(answered / cases, wrong / answered, len(rights)))
    return cuts


def area(cuts: Sequence[Cut]) -> float | None:
    """Return AURC: the mean risk over all answers given; None if none was given."""
    answers = sum(cut.answers for cut in cuts)
    return sum(cut.risk * cut.answers for cut in cuts) / answers if answers else None
