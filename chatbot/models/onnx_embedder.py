"""The embedder that runs here: an ONNX file, its tokenizer, and mean pooling in numpy.

Follows sentence-transformers' recipe for all-MiniLM-L6-v2 (token vectors averaged, special tokens
included, unit length). Knows neither documents nor the store. Made by ``load_embedder``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.models.embedder import ChunkVectors, Vectors
from chatbot.models.model_files import ModelFiles, Row
from chatbot.types import Span

_MAX_WINDOWS = 16  # of one text, some 4,000 tokens; spans behind them get the chunk's vector


class OnnxEmbedder:
    """Sentence vectors from a folder with ``model.onnx`` and ``tokenizer.json``. Thread safe.

    Texts longer than the model's window (256 tokens) are embedded by their beginning. Spans are
    pooled from windows of the whole text, up to 16 of them. Weights and tokenizer are opened on
    first use: a ModelError if they are missing or changed.
    """

    def __init__(self, directory: Path, *, threads: int | None = None) -> None:
        """Read what the folder says of the model; see ``ModelFiles``.

        The model takes ``input_ids`` and, as it likes, ``attention_mask`` and ``token_type_ids``;
        its first output are token vectors.
        """
        self._files = ModelFiles(directory, needs="dimension", threads=threads)
        self.name = self._files.about.version
        self.dimension = self._files.about.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text: shape (n, dimension), float32."""
        return self.embed_chunks(texts, [()] * len(texts)).chunks

    def embed_chunks(self, chunks: Sequence[str], spans: Sequence[Sequence[Span]]) -> ChunkVectors:
        """Return the vectors of the chunks and of the spans inside them, from one pass.

        A span that holds no token (white space only, or behind the last window) gets its chunk's
        vector. A token belongs to each span that it overlaps.
        """
        tokenizer, inner = self._files.tokenizer, self._files.about.max_tokens - 2
        before, after = tokenizer.special
        rows: list[Row] = []
        places: list[tuple[int, int]] = []  # of each row: its text, and the tokens before it
        ranges: list[NDArray[np.intp]] = []  # of each text: first and end token of its spans
        for number, (whole, wanted) in enumerate(
            zip(tokenizer.tokenise(chunks), spans, strict=True)
        ):
            text = whole.beginning(inner * (_MAX_WINDOWS if wanted else 1))
            for start in range(0, max(1, len(text.ids)), inner):
                ids = [before, *text.ids[start : start + inner], after]
                rows.append(Row(ids=ids, second=len(ids)))
                places.append((number, start))
            inside = [text.range_of(span) for span in wanted]
            ranges.append(np.array(inside, dtype=np.intp).reshape(-1, 2))

        def pooled(at: int, tokens: Vectors) -> tuple[Vectors, Vectors]:
            number, start = places[at]
            return tokens.mean(axis=0), _span_sums(tokens[1:-1], ranges[number] - start)

        means = np.zeros((len(chunks), self.dimension), dtype=np.float32)
        sums = [np.zeros((len(part), self.dimension), dtype=np.float32) for part in ranges]
        for (number, start), (mean, part) in zip(
            places, self._files.each(rows, pooled), strict=True
        ):
            if start == 0:
                means[number] = mean
            sums[number] += part
        vectors = _unit(means)
        for total, found, vector in zip(sums, ranges, vectors, strict=True):
            total[found[:, 0] == found[:, 1]] = vector
        return ChunkVectors(chunks=vectors, sentences=tuple(map(_unit, sums)))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's number of tokens, special tokens left out, uncut."""
        return self._files.tokenizer.count(texts)


def _span_sums(tokens: Vectors, ranges: NDArray[np.intp]) -> Vectors:
    """Sum token vectors (tokens, dimension) over ranges (k, 2) that may reach beyond them.

    No matrix product: numpy's would start threads of its own, which spin beside ours.
    """
    sums = np.zeros((len(ranges), tokens.shape[1]), dtype=np.float32)
    for number, (first, end) in enumerate(np.clip(ranges, 0, len(tokens)).tolist()):
        sums[number] = tokens[first:end].sum(axis=0)
    return sums


def _unit(vectors: Vectors) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(norms, np.float32(1e-12))
    return scaled
