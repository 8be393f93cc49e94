"""The full text in PostgreSQL: ``sentences.stems`` is a ``tsvector`` with a GIN index.

PostgreSQL has no BM25, so it is written out here. How often a stem stands in a sentence is read
from ``ts_rank``, whose value for one stem is 0.1 * (1 + 1/4 + 1/9 ...) / 1.64493406685 with a part
for each time; a phrase counts as standing there once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from chatbot.store.home import Term, Totals
from chatbot.store.tables import INDEX_BITS

_K1: Final = 1.2
_B: Final = 0.75
_TIMES: Final = (
    "1 + width_bucket(ts_rank(stems, (:query{n})::tsquery)::float8, ARRAY[.0684, .0794, .0847])"
)
_ONCE: Final = "1"
_PART: Final = f"""
SELECT id, :weight{{n}} * times * {_K1 + 1}
           / (times + {_K1} * ({1 - _B} + {_B} * words / :average)) AS part
FROM (SELECT id, words, {{times}} AS times FROM sentences
      WHERE stems @@ (:query{{n}})::tsquery {{only}}) AS found{{n}}
"""
_ONLY: Final = f"AND id >> {INDEX_BITS} = ANY (:numbers)"
_BEST: Final = """
SELECT id, sum(part)::float8 AS score FROM ({parts}) AS parts
GROUP BY id ORDER BY score DESC, id LIMIT :limit
"""
_DROPPED: Final = """
SELECT word, ndoc FROM ts_stat(
    'SELECT stems FROM sentences WHERE id BETWEEN {first:d} AND {last:d}')
"""
_COUNT: Final = text("""
INSERT INTO terms (term, sentences)
SELECT term, more FROM unnest(:terms, :more) AS counted (term, more) ORDER BY term
ON CONFLICT (term) DO UPDATE SET sentences = terms.sentences + excluded.sentences
""").bindparams(bindparam("terms", type_=ARRAY(Text)), bindparam("more", type_=ARRAY(BigInteger)))
_PHRASE_COUNT: Final = text("SELECT count(*) FROM sentences WHERE stems @@ (:query)::tsquery")
_DIFFERENT: Final = """
SELECT count(*) FROM ts_stat('SELECT stems FROM sentences') AS held
FULL JOIN terms ON term = word WHERE ndoc IS DISTINCT FROM sentences
"""


class PostgresText:
    """See ``FullText``, which says what the methods mean."""

    def value(self, stems: Sequence[str]) -> str:
        """Return the stems with their places, as ``tsvector`` is written."""
        return " ".join(f"'{stem}':{place}" for place, stem in enumerate(stems, 1))

    def create(self, connection: Connection) -> None:
        """Do nothing: the index stands among the tables."""

    def add(self, connection: Connection, first: int, last: int) -> None:
        """Do nothing: the index follows what is written."""

    def drop(self, connection: Connection, first: int, last: int) -> dict[str, int]:
        """Return how many sentences held each stem; the index follows what is deleted."""
        rows = connection.exec_driver_sql(_DROPPED.format(first=first, last=last))
        return dict(rows.all())

    def count(self, connection: Connection, more: Mapping[str, int]) -> None:
        """Add to the counts."""
        if more:
            connection.execute(_COUNT, {"terms": list(more), "more": list(more.values())})
            if min(more.values()) < 0:
                connection.exec_driver_sql("DELETE FROM terms WHERE sentences < 1")

    def phrase_count(self, connection: Connection, phrase: Term) -> int:
        """Count the sentences with a phrase."""
        return int(connection.execute(_PHRASE_COUNT, {"query": _query(phrase)}).scalar_one())

    def match(
        self,
        connection: Connection,
        found: Mapping[Term, int],
        limit: int,
        totals: Totals,
        numbers: Sequence[int] | None,
    ) -> list[tuple[int, float]]:
        """Return ids and scores, best first."""
        values: dict[str, Any] = {"average": totals.words / max(1, totals.sentences)}
        values["limit"] = limit
        parts = []
        for number, (term, count) in enumerate(found.items()):
            times = _ONCE if len(term) > 1 else _TIMES.format(n=number)
            only = "" if numbers is None else _ONLY
            parts.append(_PART.format(n=number, times=times, only=only))
            values[f"query{number}"] = _query(term)
            values[f"weight{number}"] = _weight(count, totals.sentences)
        statement = text(_BEST.format(parts=" UNION ALL ".join(parts)))
        if numbers is not None:
            statement = statement.bindparams(bindparam("numbers", type_=ARRAY(BigInteger)))
            values["numbers"] = list(numbers)
        return [(id_, score) for id_, score in connection.execute(statement, values)]

    def rebuild(self, connection: Connection) -> None:
        """Do nothing: the index follows what is written."""

    def fits(self, connection: Connection) -> bool:
        """Return whether the counts are those of the sentences."""
        return int(connection.exec_driver_sql(_DIFFERENT).scalar_one()) == 0


def _query(term: Term) -> str:
    return " <-> ".join(f"'{stem}'" for stem in term)


def _weight(count: int, sentences: int) -> float:
    """Return the inverse document frequency, as FTS5 has it."""
    return max(math.log((sentences - count + 0.5) / (count + 0.5)), 1e-6)
