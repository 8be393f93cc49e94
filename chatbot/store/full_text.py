"""The search for words: which terms of a query are searched for, and among whose sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from sqlalchemy import Connection

from chatbot.store import reading, text_index
from chatbot.store.catalogue import Catalogue, Numbers
from chatbot.store.records import ChunkKey, SentenceHit
from chatbot.store.tables import INDEX_BITS, INDEX_MASK
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
    scope: Numbers | None,
) -> list[SentenceHit]:
    """Return the sentences with at least one of the words and phrases, best first."""
    counts = _term_counts(connection, dict.fromkeys(map(index_stems, terms)))
    found = {term: counts[term] for term in rarest(counts)}
    if not found or limit < 1 or (scope is not None and not len(scope)):
        return []
    totals = Totals(sentences=now.sentences, words=now.words)
    if scope is None or len(scope) <= _FEW_DOCUMENTS:
        numbers = None if scope is None else scope.tolist()
        best = text_index.match(connection, found, limit, totals, numbers)
    else:
        best = _filtered(connection, found, limit, totals, now, scope)
    chunks = reading.chunks_of_sentences(connection, [id_ for id_, _ in best])
    names = now.document_ids([id_ >> INDEX_BITS for id_, _ in best])
    return [
        SentenceHit(
            document_id=name,
            index=id_ & INDEX_MASK,
            chunk=ChunkKey(document_id=name, index=chunks[id_] & INDEX_MASK),
            score=score,
        )
        for name, (id_, score) in zip(names, best, strict=True)
    ]


def _filtered(
    connection: Connection,
    found: Mapping[Term, int],
    limit: int,
    totals: Totals,
    now: Catalogue,
    scope: Numbers,
) -> list[tuple[int, float]]:
    """Take those of the best that are in scope, asking for more until they are enough."""
    allowed = now.lookup(scope)
    ask = 2 * limit
    while True:
        rows = text_index.match(connection, found, ask, totals, None)
        best = [row for row in rows if allowed[row[0] >> INDEX_BITS]]
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
