"""Does the evidence support the claim? The first verifier: trees on measured features.

``Verifier`` is the seam: a trained network can take the place of ``FeatureVerifier`` without a
change above. Knows neither answers nor documents; used by ``answering.grounding``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chatbot.errors import ModelError
from chatbot.models.embedder import Embedder, Vectors, load_embedder
from chatbot.models.onnx import available_cores, open_session, read_verified
from chatbot.models.verifier.features import features
from chatbot.models.verifier.parts import parts
from chatbot.models.verifier.reading import SentenceReader
from chatbot.models.verifier.text import Lexicon
from chatbot.settings import Settings

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

WEIGHTS = Path(__file__).parent.parent / "weights" / "verifier"
_DESCRIPTION = "MODEL.json"
Pair = tuple[str, Sequence[str]]
"""A claim without markers, and the evidence sentences chosen for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a verifier says of one claim and its evidence."""

    score: float
    """P(supported), calibrated, in [0, 1]."""
    partly: float | None = None
    """P(supported) of the best part of the claim; None where it has no parts or needs none."""


class Verifier(Protocol):
    """Judges claims against evidence."""

    @property
    def threshold(self) -> float:
        """A claim (or a part of one) with at least this score is supported."""
        ...

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """Return one judgement for each pair; a pair without evidence scores 0."""
        ...

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector (n, dimension) for each sentence, to find evidence with."""
        ...


class FeatureVerifier:
    """Boosted trees on the measures of ``verifier_features``, calibrated. Thread safe.

    A claim below the threshold is cut into its statements ("A did B, and C did D"); ``partly`` is
    the score of the best of them.
    """

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
        self._about = _read_description(directory)
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
        self.threshold: float = self._about["threshold"]
        self._lock = threading.Lock()
        self._session: InferenceSession | None = None

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """Return one judgement for each pair; a pair without evidence scores 0.

        Raises:
            ModelError: if the trees are missing or changed (on first use).
        """
        scores = self._scores(pairs)
        split = [
            (place, part)
            for place, (claim, _) in enumerate(pairs)
            if scores[place] < self.threshold and len(pieces := parts(claim)) > 1
            for part in pieces
        ]
        best: dict[int, float] = {}
        found = self._scores([(part, pairs[place][1]) for place, part in split])
        for (place, _), score in zip(split, found, strict=True):
            best[place] = max(best.get(place, 0.0), score)
        return [
            Judgement(score=score, partly=best.get(place)) for place, score in enumerate(scores)
        ]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each sentence: shape (n, dimension)."""
        return np.stack([item.vector for item in self._reader.read(texts)])

    def _scores(self, pairs: Sequence[Pair]) -> list[float]:
        usable = [place for place, (claim, evidence) in enumerate(pairs) if claim and evidence]
        scores = [0.0] * len(pairs)
        if not usable:
            return scores
        self._reader.read(
            [text for place in usable for text in (pairs[place][0], *pairs[place][1])]
        )
        rows = [self._row(*pairs[place]) for place in usable]
        for place, score in zip(usable, self._probabilities(rows), strict=True):
            scores[place] = score
        return scores

    def _row(self, claim: str, evidence: Sequence[str]) -> list[float]:
        claimed, *read = self._reader.read([claim, *evidence])
        found = features(claimed, read, self._reader.lexicon)
        return [found[name] for name in self._about["features"]]

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


def load_verifier(settings: Settings, embedder: Embedder) -> Verifier:
    """Return the verifier that comes with the package.

    Its trees know one embedding model. Where the store uses another, the built-in one is loaded
    beside it, so that scores mean the same everywhere and no claim leaves this machine.

    Raises:
        ModelError: if a file is missing or changed.
    """
    known = _read_description(WEIGHTS)["embedder"]
    if embedder.name != known:
        embedder = load_embedder(
            Settings(embedding_model="builtin", embedder_dir=None, threads=settings.threads)
        )
    return FeatureVerifier(WEIGHTS, embedder, threads=settings.threads)


def _read_description(directory: Path) -> dict[str, Any]:
    path = directory / _DESCRIPTION
    try:
        about: dict[str, Any] = json.loads(path.read_bytes())
        for key in ("features", "threshold", "calibration", "sha256", "embedder"):
            about[key]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The description of the verifier, {path}, cannot be read "
            f"({type(error).__name__}: {error}): install the package again."
        ) from None
    return about
