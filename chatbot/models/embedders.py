"""The choice of the embedder that the settings name."""

from __future__ import annotations

from functools import cache

from chatbot.errors import SettingsError
from chatbot.models.embedder import Embedder
from chatbot.models.model_files import BUILTIN
from chatbot.models.onnx_embedder import OnnxEmbedder
from chatbot.settings import Settings


def load_embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name. Weights are opened on first use.

    Raises:
        SettingsError: if ``embedding_model`` is neither ``builtin`` nor ``openai:NAME``.
        ModelError: if the model's folder has no readable description.
    """
    provider, _, name = settings.embedding_model.partition(":")
    if provider == "openai" and name:
        from chatbot.models.openai_embedder import OpenAIEmbedder

        return OpenAIEmbedder(settings, model=name)
    if settings.embedding_model != "builtin":
        raise SettingsError(
            f"The embedding model {settings.embedding_model!r} is not known: set "
            "CHATBOT_EMBEDDING_MODEL to builtin or to openai:NAME."
        )
    if settings.embedder_dir is None:
        return _builtin(settings.threads)
    return OnnxEmbedder(settings.embedder_dir, threads=settings.threads)


@cache
def _builtin(threads: int | None) -> Embedder:
    """Return the embedder of the package: all bots of a process share it."""
    return OnnxEmbedder(BUILTIN, threads=threads)
