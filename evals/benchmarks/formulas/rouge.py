"""ROUGE-L: how much of two texts is one common subsequence of words (Lin 2004, section 3.1).

The F-measure with beta = 1, words are runs of letters and digits in lower case, no stemming.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def rouge_l(prediction: str, golds: Sequence[str]) -> float:
    """Return the best ROUGE-L over the references, in [0, 1]; 0.0 for an empty text."""
    said = _words(prediction)
    return max((_f_measure(said, _words(gold)) for gold in golds), default=0.0)


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
