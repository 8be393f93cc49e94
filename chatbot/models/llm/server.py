"""A server of OpenAI's protocol: how it is reached, and what models it has.

No redirect is followed: it would carry question and documents to a server that nobody configured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chatbot.errors import SettingsError
from chatbot.models.llm.errors import describe
from chatbot.settings import Settings

if TYPE_CHECKING:
    import ssl

    import httpx2
    from openai import OpenAI

OPENAI_URL = "https://api.openai.com/v1"
PLACEHOLDER_KEY = "no-key"
"""For servers that want none: the client refuses to start without one."""
_LENGTHS = ("max_model_len", "context_length", "max_context_length", "n_ctx")
"""Where servers tell the length of the context: vLLM, OpenRouter, LM Studio, llama.cpp (in
``meta``)."""


def key_of(settings: Settings) -> str:
    """Return the key that the settings name, empty where there is none."""
    return settings.api_key.get_secret_value().strip() if settings.api_key else ""


def check_address(url: str | None, *, setting: str) -> None:
    """Raise a SettingsError where an address is given and is none."""
    if url is not None and not urlsplit(url).netloc:
        raise SettingsError(
            f"{setting} is {url!r}; write a whole address, for example http://localhost:11434/v1."
        )


def pooled_client(settings: Settings) -> httpx2.AsyncClient:
    """Return a client that keeps connections; it belongs to the event loop that uses it first."""
    import httpx2

    return httpx2.AsyncClient(**http_options(settings, settings.base_url))


def openai_client(settings: Settings, url: str | None, *, read: float | None = None) -> OpenAI:
    """Return OpenAI's own client of a server, without second tries; None is OpenAI's server."""
    import httpx2
    from openai import OpenAI

    return OpenAI(
        base_url=url or OPENAI_URL,
        api_key=key_of(settings) or PLACEHOLDER_KEY,
        max_retries=0,
        http_client=httpx2.Client(**http_options(settings, url, read=read)),
    )


def http_options(
    settings: Settings, url: str | None, *, read: float | None = None
) -> dict[str, Any]:
    """Return what every client of a server is made with.

    ``read`` is the timeout of reads, by default such that no wait of ours outlasts it.
    """
    import httpx2

    longest = max(settings.llm_first_token_timeout, settings.llm_read_timeout)
    host = urlsplit(url or "").hostname or ""
    is_local = host in ("localhost", "::1") or host.startswith("127.")
    return {
        "timeout": httpx2.Timeout(read or longest, connect=settings.llm_connect_timeout),
        "follow_redirects": False,
        "verify": _certificates(),
        # A proxy of the environment is no way to a server on this machine.
        "trust_env": not is_local,
    }


@cache
def _certificates() -> ssl.SSLContext:
    """Read the certificate store once: it takes longer than all the rest of a client."""
    import httpx2

    return httpx2.create_ssl_context()


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
    try:
        with openai_client(settings, settings.base_url) as client:
            return [_served(one.model_dump()) for one in client.models.list()]
    except Exception as error:
        raise describe(error).error from error


def _served(row: Mapping[str, Any]) -> ServedModel:
    known = {**row, **(row.get("meta") or {})}
    lengths = (known.get(name) for name in _LENGTHS)
    context = next((int(length) for length in lengths if length), None)
    return ServedModel(name=str(row["id"]), context=context)
