"""Exact match and token F1 of a short answer, as SQuAD defines them.

Rajpurkar et al. 2016, section 6.1, and 2018, section 3: lower case, no punctuation, no articles,
single spaces; the best of the gold answers counts; a question without an answer is right when the
prediction is empty. Other than `chatbot.evaluation`'s own answer match, which looks for an accepted
string inside a sentence, this asks for the answer and nothing else.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_PUNCTUATION = str.maketrans("", "", string.punctuation)


def tokens(text: str) -> list[str]:
    """Return the words that are compared."""
    plain = text.lower().translate(_PUNCTUATION)
    return re.sub(r"\b(?:a|an|the)\b", " ", plain).split()


def exact(prediction: str, golds: Sequence[str]) -> float:
    """Return 1.0 if the prediction is one of the answers, else 0.0.

    Args:
        prediction: empty for a refusal.
        golds: accepted answers; empty where there is none.
    """
    said = tokens(prediction)
    return float(any(said == tokens(gold) for gold in golds or ("",)))


def token_f1(prediction: str, golds: Sequence[str]) -> float:
    """Return the best F1 of the words over the answers, in [0, 1].

    Args:
        prediction: empty for a refusal.
        golds: accepted answers; empty where there is none.
    """
    said = tokens(prediction)
    return max(_f1(said, tokens(gold)) for gold in golds or ("",))


def _f1(said: Sequence[str], gold: Sequence[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    common = (Counter(said) & Counter(gold)).total()
    return 2 * common / (len(said) + len(gold))
