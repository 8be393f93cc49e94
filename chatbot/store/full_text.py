"""The search for words: FTS5 queries made of terms, and how often a term stands in the store."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from chatbot.store import reading, sql
from chatbot.store.catalogue import Catalogue, Numbers
from chatbot.store.reading import json_list
from chatbot.store.records import ChunkKey, SentenceHit

MAX_MATCHED_ROWS: Final = 25_000
"""Rows that the terms of one query may touch. BM25 costs about 1 microsecond a row."""
_MOST_KNOWN: Final = 20_000
"""Terms whose counts are remembered before all of them are forgotten."""
_FEW_DOCUMENTS: Final = 500
"""Documents that are named in the query; of more, the ranked rows are filtered here."""


def matches(
    connection: sqlite3.Connection,
    terms: Sequence[str],
    limit: int,
    now: Catalogue,
    scope: Numbers | None,
) -> list[SentenceHit]:
    """Return the sentences that hold at least one of the terms, best first.

    Args:
        connection: within a read transaction.
        terms: what to search for.
        limit: how many at most.
        now: the catalogue of that transaction.
        scope: numbers of the documents to search; None means all.
    """
    query = " OR ".join(quote(term) for term in terms)
    if scope is None:
        best = _best(connection, query, limit)
    elif len(scope) <= _FEW_DOCUMENTS:
        best = _among(connection, query, limit, scope.tolist())
    else:
        best = _filtered(connection, query, limit, now.lookup(scope))
    ids = json_list([rowid for rowid, _ in best])
    chunks = dict(connection.execute(sql.GET_CHUNKS_OF_SENTENCES, (ids,)).fetchall())
    names = now.document_ids([rowid >> sql.INDEX_BITS for rowid, _ in best])
    return [
        SentenceHit(
            document_id=name,
            index=rowid & sql.INDEX_MASK,
            chunk=ChunkKey(document_id=name, index=chunks[rowid] & sql.INDEX_MASK),
            score=score,
        )
        for name, (rowid, score) in zip(names, best, strict=True)
    ]


def _among(
    connection: sqlite3.Connection, query: str, limit: int, numbers: list[int]
) -> list[tuple[int, float]]:
    if not numbers:
        return []
    first, last = reading.id_range(numbers[0])[0], reading.id_range(numbers[-1])[1]
    values = (query, first, last, json_list(numbers), limit)
    return connection.execute(sql.MATCH_IN, values).fetchall()


def _filtered(
    connection: sqlite3.Connection, query: str, limit: int, allowed: NDArray[np.bool_]
) -> list[tuple[int, float]]:
    """Take those of the best that are allowed, asking for more until they are enough."""
    ask = 2 * limit
    while True:
        found = _best(connection, query, ask)
        best = [row for row in found if allowed[row[0] >> sql.INDEX_BITS]]
        if len(best) >= limit or len(found) < ask:
            return best[:limit]
        ask *= 8


def _best(connection: sqlite3.Connection, query: str, limit: int) -> list[tuple[int, float]]:
    return connection.execute(sql.MATCH, (query, limit)).fetchall()


def quote(term: str) -> str:
    """Return the term as one FTS5 string: whatever it holds, it is searched, not obeyed."""
    plain = term.encode("utf-8", "replace").decode("utf-8").replace("\0", " ")
    return '"' + plain.replace('"', '""') + '"'


def rarest(counts: dict[str, int], most: int = MAX_MATCHED_ROWS) -> list[str]:
    """Return the rarest of the terms, as many as touch no more rows than ``most``; at least one."""
    chosen: list[str] = []
    rows = 0
    for term in sorted((term for term in counts if counts[term]), key=counts.__getitem__):
        rows += counts[term]
        if chosen and rows > most:
            break
        chosen.append(term)
    return chosen


class TermCounts:
    """How many sentences hold a term, remembered and only counted on. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._valid: tuple[int, str] = (-1, "")
        self._counts: dict[str, tuple[int, int]] = {}
        """Term -> its count, and the number of the last document that was counted."""

    def counts(
        self, connection: sqlite3.Connection, terms: Sequence[str], now: Catalogue
    ) -> dict[str, int]:
        """Return the count of each term, in the order of the terms."""
        with self._lock:
            valid = (now.removals, now.full_text)
            if valid != self._valid or len(self._counts) > _MOST_KNOWN:
                self._valid, self._counts = valid, {}
            known = self._counts
        for term in terms:
            count, last = known.get(term, (0, 0))
            if last < now.last:  # of an addition only what is new is counted
                count += _count_matches(connection, term, after=last, last=now.last)
                known[term] = (count, now.last)
        return {term: known.get(term, (0, 0))[0] for term in terms}


def _count_matches(connection: sqlite3.Connection, term: str, *, after: int, last: int) -> int:
    """Return the number of sentences of the documents after one that hold the term, inflected."""
    first, end = reading.id_range(after + 1)[0], reading.id_range(last)[1]
    return int(connection.execute(sql.COUNT_MATCHES, (quote(term), first, end)).fetchone()[0])
