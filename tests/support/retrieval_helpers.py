"""A real store with a few short documents, for the tests of retrieval and quoting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatbot.ingest import Ingest
from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.settings import Settings
from chatbot.store import Store

HARBOUR = """The harbour of Lunden was opened in May 1987 by Mayor Ingrid Sollow.

It has room for 240 fishing boats and two ferries. The ferries sail to Osterby and Klint.

Sollow said that the harbour had cost 12 million crowns. She added that the money came from the \
fishing fund. The old lighthouse was torn down because its foundations had cracked.
"""
BAKERY = """The bakery on Mill Street sells rye bread every morning.

Its owner, Tomas Brandt, learned the trade in Vienna. He employs nine people.
"""


@contextmanager
def store_with(
    folder: Path, *texts: str, embedder: Embedder | None = None
) -> Iterator[tuple[Store, Embedder, list[str]]]:
    """Open a new store, add the texts, and give back the store, the embedder and the ids."""
    embedder = embedder or load_embedder(Settings())
    with Store.open(folder / "data", embedder=embedder.name, dimension=embedder.dimension) as store:
        ingest = Ingest(store, embedder)
        ids = [
            ingest.add_text(text, title=f"Text {number}", source=f"text-{number}").added[0].id
            for number, text in enumerate(texts)
        ]
        yield store, embedder, ids
