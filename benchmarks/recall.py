"""How many of the truly nearest chunks Chroma finds, and what that costs, by ``ef_search``.

    python -m benchmarks.recall STORE --questions dev_visible.jsonl.gz [--asked 200]

Compares Chroma's best 50 for each question with the exact ones, which are computed from the vectors
in the tables. The setting of the store is put back at the end. Processor time is told beside the
time that passed: it is the same on a machine that has other work to do.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.growth import percentile, read_questions
from chatbot.models.embedder import Vectors
from chatbot.models.embedders import load_embedder
from chatbot.settings import Settings
from chatbot.store import ChunkKey, Store
from chatbot.store.chroma import EF_SEARCH, ChromaIndex
from chatbot.store.passages import all_vectors
from chatbot.store.reading import chunk_keys

DEPTH = 50


def main() -> None:
    """Read the command line, compare and print a row for each setting."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("store", type=Path)
    parser.add_argument("--questions", type=Path, required=True, help="SQuAD rows, .jsonl.gz")
    parser.add_argument("--asked", type=int, default=200)
    parser.add_argument("--ef", type=int, nargs="*", default=[50, 100, 200, EF_SEARCH])
    options = parser.parse_args()
    embedder = load_embedder(Settings(data_dir=options.store))
    queries = embedder.embed(read_questions(options.questions, options.asked))
    opened = partial(
        Store.open, options.store, embedder=embedder.name, dimension=embedder.dimension
    )
    with opened() as store:
        exact = exactly(store, queries)
    try:
        for ef in options.ef:
            set_ef(opened, ef)
            with opened() as store:
                found = compared(store.parts.index.open(), queries, exact)
            print(f"ef_search {ef}: {found}", flush=True)
    finally:
        set_ef(opened, EF_SEARCH)


def set_ef(opened: Callable[[], Store], ef: int) -> None:
    """Set how many candidates a search keeps, from the next opening on."""
    with opened() as store:
        store.parts.index.open().open().modify(configuration={"hnsw": {"ef_search": ef}})


def exactly(store: Store, queries: Vectors) -> list[list[ChunkKey]]:
    """Return the nearest chunks of each query, best first."""
    best: list[list[tuple[float, ChunkKey]]] = [[] for _ in queries]
    with store.parts.home.reading() as connection:
        for ids, vectors in all_vectors(connection):
            keys = chunk_keys(connection, ids)
            for at, cosines in enumerate(queries @ vectors.T):
                top = np.argsort(-cosines)[:DEPTH].tolist()
                found = [*best[at], *((float(cosines[one]), keys[one]) for one in top)]
                best[at] = sorted(found, key=lambda pair: -pair[0])[:DEPTH]
    return [[key for _, key in found] for found in best]


def compared(chroma: ChromaIndex, queries: Vectors, exact: Sequence[list[ChunkKey]]) -> str:
    """Return in words how many of the nearest are found, and what a search takes."""
    times, used, found = [], [], []
    for query in queries:
        began, before = time.perf_counter(), time.process_time()
        found.append(chroma.nearest(query, DEPTH))
        used.append(1000 * (time.process_time() - before))
        times.append(1000 * (time.perf_counter() - began))
    recalls = [
        statistics.mean(
            len(set(mine[:depth]) & set(true[:depth])) / len(true[:depth])
            for mine, true in zip(found, exact, strict=True)
        )
        for depth in (10, DEPTH)
    ]
    return (
        f"recall of 10 {recalls[0]:.4f}, of {DEPTH} {recalls[1]:.4f}; "
        f"{statistics.median(used):.1f} ms of the processor (median), "
        f"{statistics.median(times):.1f} ms in the median, {percentile(times, 0.95):.1f} ms p95"
    )


if __name__ == "__main__":
    main()
