"""The contract of a home of the tables: SQLite in a directory, or PostgreSQL.

What differs between the two stands behind it: connections, transactions, locks, the full text and
what goes wrong. Everything else is written once, for both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

Term = tuple[str, ...]
"""The stems of a word or, where it has several, of a phrase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What BM25 has to know of all sentences."""

    sentences: int
    words: int


class FullText(Protocol):
    """The words of the sentences: ``sentences.stems`` and how often each stands in the store.

    Both homes score by BM25 as FTS5 defines it (https://sqlite.org/fts5.html#the_bm25_function), so
    that they find the same sentences in the same order.
    """

    def value(self, stems: Sequence[str]) -> str:
        """Return what ``sentences.stems`` holds of these."""
        ...

    def create(self, connection: Connection) -> None:
        """Make what the tables lack."""
        ...

    def add(self, connection: Connection, first: int, last: int) -> None:
        """Index the sentences with these ids, which are written."""
        ...

    def drop(self, connection: Connection, first: int, last: int) -> dict[str, int]:
        """Forget these sentences, which are still there; return how many held each stem."""
        ...

    def count(self, connection: Connection, more: Mapping[str, int]) -> None:
        """Add to the number of sentences that hold each stem."""
        ...

    def phrase_count(self, connection: Connection, phrase: Term) -> int:
        """Return the number of sentences that hold the phrase."""
        ...

    def match(
        self,
        connection: Connection,
        found: Mapping[Term, int],
        limit: int,
        totals: Totals,
        numbers: Sequence[int] | None,
    ) -> list[tuple[int, float]]:
        """Return ids and scores of the sentences with at least one of the terms, best first.

        Args:
            connection: within a read transaction.
            found: the terms, and in how many sentences each stands.
            limit: how many at most.
            totals: of all sentences.
            numbers: of the documents to search; None means all.
        """
        ...

    def rebuild(self, connection: Connection) -> None:
        """Index all sentences anew."""
        ...

    def fits(self, connection: Connection) -> bool:
        """Return whether the index and the counts are those of the sentences."""
        ...


class Home(Protocol):
    """A database with the tables, open. Thread-safe."""

    @property
    def where(self) -> str:
        """What messages call it."""
        ...

    @property
    def shared(self) -> bool:
        """Whether several processes may write it at a time."""
        ...

    @property
    def text(self) -> FullText:
        """The full text."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """Lend a connection within one read transaction: all it sees is of one moment.

        Raises:
            StoreError: the store is closed or cannot be read.
        """
        ...

    def writing(self, *, alone: bool = False) -> AbstractContextManager[Connection]:
        """Lend a connection within one transaction: committed at the end, or nothing.

        Args:
            alone: let no other process's transaction with ``alone`` run at the same time.

        Raises:
            StoreError: the store is closed, read-only or cannot be written.
        """
        ...

    def require_writer(self) -> None:
        """Check that it can be written.

        Raises:
            StoreError: the store is closed, read-only or cannot be written.
        """
        ...

    def adding(self) -> AbstractContextManager[Callable[[], None]]:
        """Keep others from sweeping meanwhile; any number may add at the same time.

        Yields:
            What raises ``StoreUnreachable`` where others are kept off no more.
        """
        ...

    def sweeping(self) -> AbstractContextManager[None]:
        """Wait until nobody adds, and keep all others from adding and sweeping meanwhile."""
        ...

    def close(self) -> None:
        """Close all connections; those that are lent are closed when they come back."""
        ...
