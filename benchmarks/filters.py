"""What a filter costs in embedded Chroma: searches of a made-up collection, with and without.

    python -m benchmarks.filters [--chunks 40000]

Ten chunks are a document. It says which way ``chatbot.store.search`` should take: a filter in the
query, or more hits of which some are left out. Processor time is told beside the time that passed:
it is the same on a machine that has other work to do.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.store.chroma import BATCH, ChromaIndex
from chatbot.store.records import ChunkKey

DIMENSION = 384
PER_DOCUMENT = 10
HITS = 50


def main() -> None:
    """Fill a collection, search it and print the times."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--chunks", type=int, default=40_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = ChromaIndex(Path(folder), "chroma-1")
        index.create()
        queries = fill(index, options.chunks)
        documents = options.chunks // PER_DOCUMENT
        for count in (None, 1, documents // 8, documents // 2, documents):
            some = None if count is None else [name(number) for number in range(count)]
            said = "no filter" if count is None else f"{count} of {documents} documents"
            print(f"{said:24} {cost(index, queries, HITS, some)}")
        print(f"{'no filter, 800 hits':24} {cost(index, queries, 800, None)}")
        index.close()


def name(document: int) -> str:
    """Return an id as long as those of real documents."""
    return f"{document:064d}"


def fill(index: ChromaIndex, chunks: int) -> NDArray[np.float32]:
    """Write vectors around 300 centres, and return 30 of them, moved a little."""
    chance = np.random.default_rng(0)
    centres = chance.normal(size=(300, DIMENSION))
    for first in range(0, chunks, BATCH):
        rows = centres[chance.integers(0, 300, BATCH)]
        rows = rows + 0.7 * chance.normal(size=(BATCH, DIMENSION))
        vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        keys = [
            ChunkKey(document_id=name(at // PER_DOCUMENT), index=at % PER_DOCUMENT)
            for at in range(first, first + BATCH)
        ]
        index.upsert(keys, vectors)
    found: NDArray[np.float32] = vectors[:30] + 0.02 * chance.normal(size=(30, DIMENSION)).astype(
        np.float32
    )
    return found


def cost(
    index: ChromaIndex, queries: NDArray[np.float32], hits: int, documents: list[str] | None
) -> str:
    """Return in words what a search takes."""
    times, used = [], []
    for query in queries:
        began, before = time.perf_counter(), time.process_time()
        index.nearest(query, hits, documents)
        used.append(1000 * (time.process_time() - before))
        times.append(1000 * (time.perf_counter() - began))
    return (
        f"{statistics.median(used):6.1f} ms of the processor (median), "
        f"{min(times):6.1f} ms at least, {statistics.median(times):6.1f} ms in the median"
    )


if __name__ == "__main__":
    main()
