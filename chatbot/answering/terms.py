"""Which words of a query are searched for in the full text.

Knows neither store nor ranking.
"""

from __future__ import annotations

from chatbot.models.word_stems import Word, words


def query_terms(query: str) -> tuple[Word, ...]:
    """Return the words of a query that are worth searching for, each stem once, in order.

    Stop words and question words are left out, so a query such as "Who was he?" has none.
    """
    found: dict[str, Word] = {}
    for word in words(query):
        if not word.is_stop:
            found.setdefault(word.stem, word)
    return tuple(found.values())
