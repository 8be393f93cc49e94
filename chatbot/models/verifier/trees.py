"""P(supported) from about seventy measures of claim and evidence, by boosted trees.

What a small network reads past, measures see: a changed number, name or negation. The verifier
weighs both. Knows neither threshold nor verdict.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chatbot.models.embedder import Embedder, Vectors
from chatbot.models.embedders import load_embedder
from chatbot.models.model_files import read_description
from chatbot.models.onnx import available_cores, open_session, read_verified
from chatbot.models.verifier.features import features
from chatbot.models.verifier.network import Pair
from chatbot.models.verifier.reading import SentenceReader
from chatbot.models.verifier.records import in_words
from chatbot.models.verifier.text import Lexicon
from chatbot.settings import Settings

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WEIGHTS = Path(__file__).parent.parent / "weights" / "verifier_features"
_KEYS = ("features", "calibration", "sha256", "embedder")
_ONLY_PLANNED = "made_real_share"
"""Share of the claim's words that the evidence has, but only as planned or wished. Where that is
all of them ("joined" for "will join") no score counts: so is one true claim of RAGTruth in 400."""


class FeatureTrees:
    """Boosted trees on the measures of ``features``, calibrated. Thread safe."""

    def __init__(self, directory: Path, embedder: Embedder, *, threads: int | None = None) -> None:
        """Read the description and the word lists; the trees are opened on first use.

        Args:
            directory: ``MODEL.json``, ``model.onnx``, ``words.json`` and ``counts.json``.
            embedder: the one that the trees were trained with.
            threads: sentences embedded at once; None takes all cores.

        Raises:
            ModelError: if a file is missing or changed.
        """
        self._directory = directory
        self._about = read_description(directory, _KEYS)
        hashes = self._about["sha256"]
        lists = {
            name: json.loads(read_verified(directory / name, sha256=hashes[name]))
            for name in ("words.json", "counts.json")
        }
        self._reader = SentenceReader(
            embedder,
            Lexicon(lists["words.json"], lists["counts.json"]),
            threads=threads or available_cores(),
        )
        self._names: list[str] = self._about["features"]
        self._lock = threading.Lock()
        self._session: InferenceSession | None = None

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each sentence: shape (n, dimension)."""
        return np.stack([item.vector for item in self._reader.read(texts)])

    def scores(self, pairs: Sequence[Pair]) -> list[float]:
        """Return P(supported) in [0, 1] for each pair; every pair has evidence.

        Raises:
            ModelError: if the trees are missing or changed (on first use).
        """
        if not pairs:
            return []
        worded = [(claim, [in_words(text) for text in evidence]) for claim, evidence in pairs]
        self._reader.read([text for claim, evidence in worded for text in (claim, *evidence)])
        measured = [self._measures(*pair) for pair in worded]
        found = self._probabilities([[one[name] for name in self._names] for one in measured])
        return [
            0.0 if one[_ONLY_PLANNED] >= 1 else score
            for one, score in zip(measured, found, strict=True)
        ]

    def _measures(self, claim: str, evidence: Sequence[str]) -> dict[str, float]:
        claimed, *read = self._reader.read([claim, *evidence])
        return features(claimed, read, self._reader.lexicon)

    def _probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        matrix: NDArray[np.float32] = np.asarray(rows, dtype=np.float32)
        raw = np.asarray(self._trees().run(["probabilities"], {"rows": matrix})[0])[:, 1]
        curve = self._about["calibration"]
        calibrated = np.interp(raw, curve["raw"], curve["supported"])
        return [float(value) for value in np.clip(calibrated, 0.0, 1.0)]

    def _trees(self) -> InferenceSession:
        with self._lock:
            if self._session is None:
                self._session = open_session(
                    self._directory / "model.onnx",
                    sha256=self._about["sha256"]["model.onnx"],
                    threads=1,
                )
            return self._session


def load_trees(settings: Settings, embedder: Embedder) -> FeatureTrees:
    """Return the trees that come with the package.

    They know one embedding model. Where the store uses another, the built-in one is loaded beside
    it, so that scores mean the same everywhere and no claim leaves this machine.

    Raises:
        ModelError: if a file is missing or changed.
    """
    known = read_description(WEIGHTS, _KEYS)["embedder"]
    if embedder.name != known:
        embedder = load_embedder(
            Settings(embedding_model="builtin", embedder_dir=None, threads=settings.threads)
        )
    return _builtin(embedder, settings.threads)


@lru_cache(maxsize=2)
def _builtin(embedder: Embedder, threads: int | None) -> FeatureTrees:
    """Return the trees of the package: all bots of a process share them."""
    return FeatureTrees(WEIGHTS, embedder, threads=threads)
