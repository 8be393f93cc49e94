"""The search for words: which terms of a query are searched for, and among whose sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from sqlalchemy import Connection

from chatbot.store import reading, text_index
from chatbot.store.catalogue import Catalogue, Scope
from chatbot.store.tables import INDEX_BITS
from chatbot.store.text_index import Term, Totals, index_stems

MAX_MATCHED_ROWS: Final = 25_000
"""Rows that the terms of one query may touch. BM25 costs about 1 microsecond a row."""
_FEW_DOCUMENTS: Final = 500
"""Documents that are named in the query; of more, the ranked rows are filtered here."""

_T = TypeVar("_T", str, Term)


def matches(
    connection: Connection,
    terms: Sequence[str],
    limit: int,
    now: Catalogue,
    scope: Scope | None,
) -> list[tuple[int, float]]:
    """Return ids and scores of the sentences with at least one of the terms, best first."""
    counts = _term_counts(connection, dict.fromkeys(map(index_stems, terms)))
    found = {term: counts[term] for term in rarest(counts)}
    if not found or limit < 1 or (scope is not None and not scope.numbers):
        return []
    totals = Totals(sentences=now.sentences, words=now.words)
    if scope is None:
        return text_index.match(connection, found, limit, totals, None)
    if len(scope.numbers) <= _FEW_DOCUMENTS:
        return text_index.match(connection, found, limit, totals, sorted(scope.numbers))
    ask = 2 * limit  # of all documents, and more of them until enough are in scope
    while True:
        rows = text_index.match(connection, found, ask, totals, None)
        best = [row for row in rows if row[0] >> INDEX_BITS in scope.numbers]
        if len(best) >= limit or len(rows) < ask:
            return best[:limit]
        ask *= 8


def counts(connection: Connection, terms: Sequence[str]) -> dict[str, int]:
    """Return the number of sentences that hold each term, in the order of the terms."""
    stems = {term: index_stems(term) for term in terms}
    found = _term_counts(connection, dict.fromkeys(stems.values()))
    return {term: found[stems[term]] for term in terms}


def _term_counts(connection: Connection, terms: Mapping[Term, None]) -> dict[Term, int]:
    kept = reading.term_counts(connection, [term[0] for term in terms if len(term) == 1])
    return {
        term: kept.get(term[0], 0)
        if len(term) == 1
        else text_index.phrase_count(connection, term)
        if term
        else 0
        for term in terms
    }


def rarest(counts: Mapping[_T, int], most: int = MAX_MATCHED_ROWS) -> list[_T]:
    """Return the rarest of the terms, as many as touch no more rows than ``most``; at least one."""
    chosen: list[_T] = []
    rows = 0
    for term in sorted((term for term in counts if counts[term]), key=counts.__getitem__):
        rows += counts[term]
        if chosen and rows > most:
            break
        chosen.append(term)
    return chosen
