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
from chatbot.models.model_files import TOKEN_INPUTS, RowThreads, read_model_files
from chatbot.models.token_windows import Row
from chatbot.types import Span

_MAX_WINDOWS = 16  # of one text, some 4,000 tokens; spans behind them get the chunk's vector


class OnnxEmbedder:
    """Sentence vectors from a folder with ``model.onnx`` and ``tokenizer.json``. Thread safe.

    Texts longer than the model's window (256 tokens) are embedded by their beginning. Spans are
    pooled from windows of the whole text, up to 16 of them. Weights and tokenizer are opened on
    first use: a ModelError if they are missing or changed.
    """

    def __init__(self, directory: Path, *, threads: int | None = None) -> None:
        """Name the model.

        Args:
            directory: ``model.onnx``, ``tokenizer.json`` and, if the hashes are to be checked,
                ``MODEL.json``. The model takes ``input_ids`` and, as it likes, ``attention_mask``
                and ``token_type_ids``; its first output are token vectors.
            threads: texts that run at once; None takes all cores.

        Raises:
            ModelError: if the folder has no model, or its ``MODEL.json`` cannot be read.
        """
        self._files = read_model_files(directory, needs="dimension")
        self.name = self._files.name
        self.dimension = self._files.dimension
        self._threads = RowThreads(threads, name="embed")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector for each text: shape (n, dimension), float32."""
        return self.embed_chunks(texts, [()] * len(texts)).chunks

    def embed_chunks(self, chunks: Sequence[str], spans: Sequence[Sequence[Span]]) -> ChunkVectors:
        """Return the vectors of the chunks and of the spans inside them, from one pass.

        A span that holds no token (white space only, or behind the last window) gets its chunk's
        vector.

        Each row runs alone. In a batch the range of the whole batch would set how activations are
        rounded, and a text's vector would change with its company. Alone it is nearer to the
        original, pads nothing and costs as much for chunks; 25 % more for single sentences.
        """
        rows, ranges = self._files.tokenizer().windows(chunks, spans, limit=_MAX_WINDOWS)
        whole = np.zeros((len(chunks), self.dimension), dtype=np.float32)
        sums: list[dict[int, Vectors]] = [{} for _ in chunks]
        session = self._files.session()
        names = {declared.name for declared in session.get_inputs()}

        def run(row: Row) -> None:
            tokens = session.run(None, _inputs(row, names))[0][0]
            if row.start == 0:
                whole[row.text] = tokens.mean(axis=0)
            if len(ranges[row.text]):
                sums[row.text][row.start] = _span_sums(tokens[1:-1], ranges[row.text] - row.start)

        self._threads.run(run, rows, length=lambda row: len(row.ids))
        whole = _unit(whole)
        sentences: list[Vectors] = []
        for parts, wanted, vector in zip(sums, ranges, whole, strict=True):
            total = np.zeros((len(wanted), self.dimension), dtype=np.float32)
            for start in sorted(parts):  # in one order, whichever thread was first
                total += parts[start]
            total[wanted[:, 0] == wanted[:, 1]] = vector
            sentences.append(_unit(total))
        return ChunkVectors(chunks=whole, sentences=tuple(sentences))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return each text's number of tokens, special tokens left out, uncut."""
        return self._files.tokenizer().count(texts)


def _inputs(row: Row, names: set[str]) -> dict[str, NDArray[np.int64]]:
    """Return those arrays (1, tokens) that the model asks for."""
    ids = np.array([row.ids], dtype=np.int64)
    arrays = (ids, np.ones_like(ids), np.zeros_like(ids))
    return {name: array for name, array in zip(TOKEN_INPUTS, arrays, strict=True) if name in names}


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
