"""Opens the store of a bot, made and filled with the corpus where it is new."""

from __future__ import annotations

from contextlib import suppress

from chatbot.bot.parts import Models
from chatbot.errors import StoreBusy
from chatbot.ingest import Ingest
from chatbot.store import Place, Store


def open_store(models: Models, *, read_only: bool = False) -> Store:
    """Open the store that the settings name."""
    if read_only and not Store.exists(Place.of(models.settings)):
        with suppress(StoreBusy), _open(models, read_only=False):
            pass  # made and closed again: reading must not keep others from writing
    return _open(models, read_only=read_only)


def _open(models: Models, *, read_only: bool) -> Store:
    store = Store.open(
        Place.of(models.settings),
        embedder=models.embedder.name,
        dimension=models.embedder.dimension,
        read_only=read_only,
    )
    if store.is_new and not read_only:
        try:
            if models.settings.corpus_dir is not None:
                Ingest(store, models.embedder).add_corpus(models.settings.corpus_dir)
            store.mark_initialised()
        except BaseException:
            store.close()
            raise
    return store
