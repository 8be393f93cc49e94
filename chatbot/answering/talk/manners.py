"""What a message is that may be no question: found by its nearness to a few dozen examples.

The embedder reads English; a message in other than Latin letters is compared by its pairs of
letters. Knows no documents.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import yaml

from chatbot.answering.tuning import TUNING
from chatbot.models.embedder import Embedder, Vectors

QUESTION = "question"
_NOT_LATIN = re.compile(r"[^\W\d_A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_LETTER = re.compile(r"[^\W_]")
_KEPT = 2_000  # messages whose kind is remembered


class Manners:
    """Says what kind of message a text is. Thread safe."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known = lru_cache(_KEPT)(self._kind_of)  # a conversation's turns are looked at again

    def kind_of(self, message: str) -> str:
        """Return the kind of a message, ``question`` where it may be one.

        A message without a letter is small talk; a long one is a question.
        """
        return self._known(message)

    def _kind_of(self, message: str) -> str:
        plain = unicodedata.normalize("NFKC", message).lower().strip()
        if not _LETTER.search(plain):
            return "chat"
        if len(plain) > TUNING.longest_talk:
            return QUESTION
        kinds, examples = _examples()
        if _NOT_LATIN.search(plain):
            near = [_alike(plain, one) for one in examples]
            least = TUNING.talk_letters
        else:
            near = np.vecdot(_vectors(self._embedder), self._embedder.embed([plain])[0]).tolist()
            least = TUNING.talk
        best = max(range(len(near)), key=lambda at: near[at])
        asked = max(cosine for kind, cosine in zip(kinds, near, strict=True) if kind == QUESTION)
        sure = near[best] >= least and near[best] - asked >= TUNING.talk_margin
        return kinds[best] if sure else QUESTION


@cache
def _examples() -> tuple[list[str], list[str]]:
    text = (files(__package__) / "examples.yaml").read_text(encoding="utf-8")
    known: dict[str, str] = yaml.safe_load(text)
    pairs = [(kind, one) for kind, some in known.items() for one in some.split(" / ")]
    return [kind for kind, _ in pairs], [one for _, one in pairs]


@lru_cache(maxsize=2)
def _vectors(embedder: Embedder) -> Vectors:
    """Return the vectors of the examples: embedded once for all bots that share the embedder."""
    return embedder.embed([one.lower() for one in _examples()[1]])


def _alike(one: str, other: str) -> float:
    """Return how like two texts are by their pairs of letters (Dice), in [0, 1]."""
    mine, theirs = _pairs(one), _pairs(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def _pairs(text: str) -> set[str]:
    letters = "".join(_LETTER.findall(text))
    return {letters[at : at + 2] for at in range(len(letters) - 1)} or {letters}
