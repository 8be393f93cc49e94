"""How well the words of a question are met by the words of a sentence, by their vectors.

For each word of the question the most similar word of the sentence counts (the "maximum
similarity" of ColBERT, Khattab and Zaharia 2020, arXiv:2004.12832), here with the embedder's token
vectors: "torn down" meets "demolished", and a word that nothing meets stands out. One pass over a
few short sentences; sentences are remembered. Used by ``reader_features``.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from chatbot.models.embedder import Embedder, Vectors
from chatbot.models.words import words
from chatbot.types import Span

SOFT_FEATURES = ("soft_mean", "soft_least", "soft_second", "soft_all", "soft_unmet", "soft_square")
_MAX_WORDS = 150
_MAX_CHARS = 1000
_UNMET = 0.4
_REMEMBERED = 256
"""Sentences: about 40 kB each."""

Floats = NDArray[np.float32]


class SoftMatcher:
    """Compares questions with sentences by one embedder; safe to use from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def match(self, question: str, sentences: Sequence[str]) -> Floats:
        """Compare a question with sentences.

        Returns:
            (sentences, len(SOFT_FEATURES)), from -1 to 1; NaN where the embedder gives no token
            vectors, or where there is no word to compare.
        """
        found = self._word_vectors([question, *sentences])
        if found is None:
            return np.full((len(sentences), len(SOFT_FEATURES)), np.nan, dtype=np.float32)
        content = [at for at, word in enumerate(words(_cut(question))) if not word.is_stop]
        rows = [_compare(found[0], content[:_MAX_WORDS], vectors) for vectors in found[1:]]
        return np.array(rows, dtype=np.float32).reshape(len(sentences), len(SOFT_FEATURES))

    def _word_vectors(self, texts: Sequence[str]) -> list[Vectors] | None:
        cut = [_cut(text) for text in texts]
        with self._lock:
            found = {text: self._known[text] for text in cut if text in self._known}
        new = [text for text in dict.fromkeys(cut) if text not in found]
        if new:
            spans = [
                [Span(start=word.start, end=word.end) for word in words(text)[:_MAX_WORDS]]
                for text in new
            ]
            vectors = self._embedder.embed_chunks(new, spans).sentences
            if vectors is None:
                return None
            found.update(zip(new, vectors, strict=True))
        with self._lock:
            for text in cut:
                self._known[text] = found[text]
                self._known.move_to_end(text)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return [found[text] for text in cut]


def _cut(text: str) -> str:
    return text[:_MAX_CHARS]


def _compare(question: Vectors, content: Sequence[int], sentence: Vectors) -> list[float]:
    content = [at for at in content if at < len(question)]
    if not content or not len(sentence):
        return [np.nan] * len(SOFT_FEATURES)
    met = (question @ sentence.T).max(axis=1)
    own = np.sort(met[content])
    return [
        float(own.mean()),
        float(own[0]),
        float(own[min(1, len(own) - 1)]),
        float(met.mean()),
        float((own < _UNMET).mean()),
        float((own**2).mean()),
    ]
