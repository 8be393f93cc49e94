"""The full text in SQLite: FTS5 over the stems that stand in ``sentences``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from chatbot.store.home import Term, Totals
from chatbot.store.tables import INDEX_BITS, id_range

_CREATE: Final = """
CREATE VIRTUAL TABLE full_text USING fts5 (
    stems, content = 'sentences', content_rowid = 'id',
    tokenize = "unicode61 remove_diacritics 0 tokenchars '.,'"
)
"""
_ADD: Final = text(
    "INSERT INTO full_text (rowid, stems) "
    "SELECT id, stems FROM sentences WHERE id BETWEEN :first AND :last"
)
_STEMS: Final = text("SELECT stems FROM sentences WHERE id BETWEEN :first AND :last")
_DROP: Final = text(
    "INSERT INTO full_text (full_text, rowid, stems) "
    "SELECT 'delete', id, stems FROM sentences WHERE id BETWEEN :first AND :last"
)
_COUNT: Final = text(
    "INSERT INTO terms (term, sentences) VALUES (:term, :more) "
    "ON CONFLICT (term) DO UPDATE SET sentences = sentences + excluded.sentences"
)
_PHRASE_COUNT: Final = text("SELECT count(*) FROM full_text WHERE full_text MATCH :query")
_SCORED: Final = (
    "SELECT rowid, -bm25(full_text) AS score FROM full_text WHERE full_text MATCH :query"
)
_BEST: Final = "ORDER BY score DESC, rowid LIMIT :limit"
"""Not ``ORDER BY rank``: FTS5 then sorts all rows before it gives the first, a third slower."""
_MATCH: Final = text(f"{_SCORED} {_BEST}")
_MATCH_IN: Final = text(
    f"{_SCORED} AND rowid BETWEEN :first AND :last "
    f"AND rowid >> {INDEX_BITS} IN (SELECT value FROM json_each(:numbers)) {_BEST}"
)
_CHECK: Final = text("INSERT INTO full_text (full_text, rank) VALUES ('integrity-check', 1)")
_ALL_STEMS: Final = text("SELECT stems FROM sentences")


class SqliteText:
    """See ``FullText``, which says what the methods mean."""

    def value(self, stems: Sequence[str]) -> str:
        """Return the stems with spaces between."""
        return " ".join(stems)

    def create(self, connection: Connection) -> None:
        """Make the virtual table."""
        connection.exec_driver_sql(_CREATE)

    def add(self, connection: Connection, first: int, last: int) -> None:
        """Index written sentences."""
        connection.execute(_ADD, {"first": first, "last": last})

    def drop(self, connection: Connection, first: int, last: int) -> dict[str, int]:
        """Forget sentences, and return how many held each stem."""
        values = {"first": first, "last": last}
        held = _counts(connection.execute(_STEMS, values).scalars().all())
        connection.execute(_DROP, values)
        return held

    def count(self, connection: Connection, more: Mapping[str, int]) -> None:
        """Add to the counts."""
        if more:
            rows = [{"term": term, "more": count} for term, count in more.items()]
            connection.execute(_COUNT, rows)
            if min(more.values()) < 0:
                connection.exec_driver_sql("DELETE FROM terms WHERE sentences < 1")

    def phrase_count(self, connection: Connection, phrase: Term) -> int:
        """Count the sentences with a phrase."""
        return int(connection.execute(_PHRASE_COUNT, {"query": _quoted(phrase)}).scalar_one())

    def match(
        self,
        connection: Connection,
        found: Mapping[Term, int],
        limit: int,
        totals: Totals,
        numbers: Sequence[int] | None,
    ) -> list[tuple[int, float]]:
        """Return ids and scores, best first; FTS5 knows counts and totals itself."""
        values = {"query": " OR ".join(map(_quoted, found)), "limit": limit}
        if numbers is None:
            rows = connection.execute(_MATCH, values)
        else:
            first, last = id_range(numbers[0])[0], id_range(numbers[-1])[1]
            values |= {"first": first, "last": last, "numbers": str(list(numbers))}
            rows = connection.execute(_MATCH_IN, values)
        return [(rowid, score) for rowid, score in rows]

    def rebuild(self, connection: Connection) -> None:
        """Index all sentences anew."""
        connection.exec_driver_sql("INSERT INTO full_text (full_text) VALUES ('rebuild')")

    def fits(self, connection: Connection) -> bool:
        """Return whether FTS5 and the counts agree with the sentences."""
        try:
            connection.execute(_CHECK)
        except DatabaseError:
            return False
        kept: dict[str, int] = dict(
            connection.exec_driver_sql("SELECT term, sentences FROM terms").all()
        )
        return kept == _counts(connection.execute(_ALL_STEMS).scalars().all())


def _counts(stems: Sequence[str]) -> dict[str, int]:
    return dict(Counter(term for one in stems for term in set(one.split())))


def _quoted(term: Term) -> str:
    """Return the term as one FTS5 string; a stem has nothing in it that would end it."""
    return f'"{" ".join(term)}"'
