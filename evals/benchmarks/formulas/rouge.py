"""ROUGE: how much two texts have in common (Lin 2004).

ROUGE-L counts the longest common subsequence of words, ROUGE-1 and -2 the runs of one and two. The
F-measure with beta = 1, words are runs of letters and digits in lower case, no stemming.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence


def rouge_l(prediction: str, golds: Sequence[str]) -> float:
    """Return the best ROUGE-L over the references, in [0, 1]; 0.0 for an empty text."""
    said = _words(prediction)
    return max((_f_measure(said, _words(gold)) for gold in golds), default=0.0)


def rouge_n(prediction: str, gold: str, size: int) -> float:
    """Return the F-measure of the runs of ``size`` words that both texts have, in [0, 1]."""
    said, wanted = (_runs(_words(text), size) for text in (prediction, gold))
    shared = (said & wanted).total()
    return 2 * shared / (said.total() + wanted.total()) if shared else 0.0


def _runs(words: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _f_measure(said: Sequence[str], gold: Sequence[str]) -> float:
    length = common_subsequence(said, gold)
    return 2 * length / (len(said) + len(gold)) if length else 0.0


def common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """Return the length of the longest common subsequence; time is the product of the lengths."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0  # the value up and to the left
        for at, candidate in enumerate(other, start=1):
            above = row[at]
            row[at] = before + 1 if word == candidate else max(above, row[at - 1])
            before = above
    return row[-1]
