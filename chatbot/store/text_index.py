"""The full text: ``sentences.stems`` and how often each stem stands in the store.

SQLite searches by FTS5 over that column, PostgreSQL by a ``tsvector`` with a GIN index, which
follows what is written. Both score by BM25 as FTS5 defines it
(https://sqlite.org/fts5.html#the_bm25_function), so that they find the same sentences in the same
order; PostgreSQL has none, so there it is written out. The stems are those by which retrieval and
reader compare texts (``models.word_stems``).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, TextClause, delete, text
from sqlalchemy.exc import DatabaseError

from chatbot.models.word_stems import stems_once
from chatbot.store import tables as t
from chatbot.store.catalogue import Catalogue
from chatbot.store.tables import INDEX_BITS, id_range, upsert

Term = tuple[str, ...]
"""The stems of a word or, where it has several, of a phrase."""
_LONGEST: Final = 60
"""Letters of a stem that count."""
_MOST: Final = 16_000
"""Stems of one sentence that count: PostgreSQL has places for so many."""

_FTS5: Final = """
CREATE VIRTUAL TABLE full_text USING fts5 (
    stems, content = 'sentences', content_rowid = 'id',
    tokenize = "unicode61 remove_diacritics 0 tokenchars '.,'"
)
"""
_OF_THESE: Final = "FROM sentences WHERE id BETWEEN :first AND :last"
_FTS5_MATCH: Final = (
    "SELECT rowid, -bm25(full_text) AS score FROM full_text WHERE full_text MATCH :query "
    # Not ``ORDER BY rank``: FTS5 then sorts all rows before it gives the first, a third slower.
    "{only} ORDER BY score DESC, rowid LIMIT :limit"
)
_FTS5_ONLY: Final = (
    f"AND rowid BETWEEN :first AND :last AND rowid >> {INDEX_BITS} IN "
    "(SELECT value FROM json_each(:numbers))"
)
_FTS5_COUNT: Final = "SELECT count(*) FROM full_text WHERE full_text MATCH :query"
_FTS5_CHECK: Final = "INSERT INTO full_text (full_text, rank) VALUES ('integrity-check', 1)"
_K1: Final = 1.2
_B: Final = 0.75
_MOST_TIMES: Final = 9
"""How often PostgreSQL counts a stem in one sentence; a tenth time changes a score by 1 %."""
_MATCH: Final = f"""
SELECT id, sum(weight * {_K1 + 1}::float8 * size / ((times + size) * (times - 1 + size))) AS score
FROM unnest((:queries)::tsquery[], (:weights)::float8[], (:times)::float8[])
     AS asked(query, weight, times),
     LATERAL (
         SELECT id, {_K1 * (1 - _B)}::float8 + {_K1 * _B}::float8 * words / :average AS size
         FROM sentences WHERE stems @@ query {{only}} OFFSET 0
     ) AS found
GROUP BY id ORDER BY score DESC, id LIMIT :limit
"""
"""BM25, each time that a stem stands in a sentence as a row: what the n-th one adds to
n / (n + size) is size / ((n + size) * (n - 1 + size)). ``OFFSET 0`` lets it be computed once."""
_ONLY: Final = f"AND id >> {INDEX_BITS} = ANY ((:numbers)::bigint[])"
_COUNTED: Final = """
SELECT word, ndoc FROM ts_stat(
    'SELECT stems FROM sentences WHERE id BETWEEN {first:d} AND {last:d}')
"""
_DIFFERENT: Final = """
SELECT count(*) FROM ts_stat('SELECT stems FROM sentences') AS held
FULL JOIN terms ON term = word WHERE ndoc IS DISTINCT FROM sentences
"""
_TS_COUNT: Final = "SELECT count(*) FROM sentences WHERE stems @@ (:query)::tsquery"


def index_stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text in their order, stop words included.

    Each is made of letters, digits and, in numbers, dots and commas: neither SQLite's tokenizer
    nor PostgreSQL's notation would cut it, or obey anything in it.
    """
    cleaned = (
        stem if stem.isalnum() else "".join(one for one in stem if one.isalnum() or one in ".,")
        for stem in stems_once(text)
    )
    return tuple(stem[:_LONGEST] for stem in cleaned if stem)[:_MOST]


def _on_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def value(connection: Connection, stems: Sequence[str]) -> str:
    """Return what ``sentences.stems`` holds of these."""
    if not _on_postgres(connection):
        return " ".join(stems)
    places = [f"'{stem}':{place}" for place, stem in enumerate(stems, 1)]
    return " ".join([*places, *(f"'{one}'" for one in _again(stems))])


def held(connection: Connection, stems: Sequence[str]) -> set[str]:
    """Return what a sentence of these stems counts for in ``terms``."""
    return {*stems, *(_again(stems) if _on_postgres(connection) else ())}


def _again(stems: Sequence[str]) -> list[str]:
    """Return the words that say which stems stand in a sentence a second time, a third and so on.

    PostgreSQL's index says in which sentences a word is, not how often: to read that from the
    sentences took it a third of a search.
    """
    times = Counter(stems).items()
    return [_nth(stem, n) for stem, most in times for n in range(2, min(most, _MOST_TIMES) + 1)]


def _nth(stem: str, time: int) -> str:
    return stem if time == 1 else f"{stem}*{time}"  # no stem has an asterisk in it


def create(connection: Connection) -> None:
    """Make what the tables lack."""
    if not _on_postgres(connection):
        connection.exec_driver_sql(_FTS5)


def add(connection: Connection, first: int, last: int) -> None:
    """Index and count the sentences with these ids, which are written."""
    if not _on_postgres(connection):
        made = f"INSERT INTO full_text (rowid, stems) SELECT id, stems {_OF_THESE}"
        connection.execute(text(made), {"first": first, "last": last})
    count(connection, _counted(connection, first, last))


def drop(connection: Connection, first: int, last: int) -> None:
    """Forget these sentences, which are still there."""
    counted = _counted(connection, first, last)
    if not _on_postgres(connection):
        made = "INSERT INTO full_text (full_text, rowid, stems) SELECT 'delete', id, stems"
        connection.execute(text(f"{made} {_OF_THESE}"), {"first": first, "last": last})
    count(connection, {stem: -times for stem, times in counted.items()})


def _counted(connection: Connection, first: int, last: int) -> dict[str, int]:
    if _on_postgres(connection):
        rows = connection.exec_driver_sql(_COUNTED.format(first=first, last=last))
        return dict(rows.all())
    stems = connection.execute(text(f"SELECT stems {_OF_THESE}"), {"first": first, "last": last})
    return _counts(stems.scalars().all())


def count(connection: Connection, more: Mapping[str, int]) -> None:
    """Add to the number of sentences that hold each stem."""
    if not more:
        return
    made = upsert(connection, t.terms)
    sum_ = t.terms.c.sentences + made.excluded.sentences
    made = made.on_conflict_do_update(index_elements=["term"], set_={"sentences": sum_})
    # In one order: else two that add could wait for each other.
    connection.execute(made, [{"term": one, "sentences": more[one]} for one in sorted(more)])
    if min(more.values()) < 0:
        connection.execute(delete(t.terms).where(t.terms.c.sentences < 1))


def phrase_count(connection: Connection, phrase: Term) -> int:
    """Return the number of sentences that hold the phrase."""
    on_postgres = _on_postgres(connection)
    counting = text(_TS_COUNT if on_postgres else _FTS5_COUNT)
    query = _ts_query(phrase) if on_postgres else _fts5_query(phrase)
    return int(connection.execute(counting, {"query": query}).scalar_one())


def match(
    connection: Connection,
    found: Mapping[Term, int],
    limit: int,
    now: Catalogue,
    numbers: Sequence[int] | None,
) -> list[tuple[int, float]]:
    """Return ids and scores of the sentences with at least one of the terms, best first.

    ``found`` says in how many sentences each term stands, ``numbers`` in which documents to search.
    """
    if _on_postgres(connection):
        statement, values = _ts_match(found, now, numbers)
    else:
        statement, values = _fts5_match(found, numbers)
    rows = connection.execute(statement, values | {"limit": limit})
    return [(id_, score) for id_, score in rows]


def rebuild(connection: Connection) -> None:
    """Index all sentences again; PostgreSQL's index is, but it has to learn how many rows came."""
    again = "INSERT INTO full_text (full_text) VALUES ('rebuild')"
    connection.exec_driver_sql("ANALYZE" if _on_postgres(connection) else again)


def fits(connection: Connection) -> bool:
    """Return whether the index and the counts are those of the sentences."""
    if _on_postgres(connection):
        return int(connection.exec_driver_sql(_DIFFERENT).scalar_one()) == 0
    try:
        connection.exec_driver_sql(_FTS5_CHECK)
    except DatabaseError:
        return False
    kept = connection.exec_driver_sql("SELECT term, sentences FROM terms").all()
    stems = connection.exec_driver_sql("SELECT stems FROM sentences").scalars().all()
    return {term: count for term, count in kept} == _counts(stems)


# A stem has nothing in it that would end a quotation.


def _fts5_query(term: Term) -> str:
    return f'"{" ".join(term)}"'


def _fts5_match(
    found: Mapping[Term, int], numbers: Sequence[int] | None
) -> tuple[TextClause, dict[str, Any]]:
    values: dict[str, Any] = {"query": " OR ".join(map(_fts5_query, found))}
    if numbers is not None:
        values |= {"first": id_range(numbers[0])[0], "last": id_range(numbers[-1])[1]}
        values["numbers"] = str(list(numbers))
    return text(_FTS5_MATCH.format(only="" if numbers is None else _FTS5_ONLY)), values


def _ts_query(term: Term) -> str:
    return " <-> ".join(f"'{stem}'" for stem in term)


def _ts_match(
    found: Mapping[Term, int], now: Catalogue, numbers: Sequence[int] | None
) -> tuple[TextClause, dict[str, Any]]:
    asked = [
        (_ts_query((_nth(term[0], n),) if n > 1 else term), _rarity(count, now), n)
        for term, count in found.items()
        for n in range(1, 2 if len(term) > 1 else _MOST_TIMES + 1)  # a phrase counts as once
    ]
    columns = map(list, zip(*asked, strict=True))
    values: dict[str, Any] = dict(zip(("queries", "weights", "times"), columns, strict=True))
    values["average"] = now.words / max(1, now.sentences)
    if numbers is not None:
        values["numbers"] = list(numbers)
    return text(_MATCH.format(only="" if numbers is None else _ONLY)), values


def _rarity(count: int, now: Catalogue) -> float:
    return max(math.log((now.sentences - count + 0.5) / (count + 0.5)), 1e-6)


def _counts(stems: Sequence[str]) -> dict[str, int]:
    return dict(Counter(term for one in stems for term in set(one.split())))
