"""What models a server of OpenAI's protocol has, and how much each can read.

Servers tell the length of the context in fields of their own; where none is there it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chatbot.models.llm.errors import translate_error
from chatbot.models.llm.provider import OPENAI_URL, PLACEHOLDER_KEY
from chatbot.settings import Settings

_LENGTHS = ("max_model_len", "context_length", "max_context_length", "n_ctx")
"""vLLM, OpenRouter, LM Studio, llama.cpp (in ``meta``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedModel:
    """A model that a server has."""

    name: str
    context: int | None
    """Tokens that fit into one call; None where the server does not say."""


def served_models(settings: Settings) -> list[ServedModel]:
    """Return the models of the server that the settings name.

    Raises:
        LLMError: if the server cannot be reached, refuses, or does not list its models.
    """
    from openai import OpenAI

    from chatbot.models.llm.http import loose_clients

    key = settings.api_key.get_secret_value() if settings.api_key else PLACEHOLDER_KEY
    client = OpenAI(
        base_url=settings.base_url or OPENAI_URL,
        api_key=key,
        max_retries=0,
        http_client=loose_clients(settings)["http_client"],
    )
    try:
        with client:
            return [_served(one.model_dump()) for one in client.models.list()]
    except Exception as error:
        raise translate_error(error) from error


def _served(row: Mapping[str, Any]) -> ServedModel:
    known = {**row, **(row.get("meta") or {})}
    lengths = (known.get(name) for name in _LENGTHS)
    context = next((int(length) for length in lengths if length), None)
    return ServedModel(name=str(row["id"]), context=context)
