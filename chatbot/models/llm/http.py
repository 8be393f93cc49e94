"""The HTTP clients of ``openai`` models: our timeouts, and no redirect is followed.

A redirect would carry question and documents to a server that nobody configured. Knows nothing of
models.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chatbot.settings import Settings

if TYPE_CHECKING:
    import ssl

    import httpx2


def http_timeout(settings: Settings, *, read: float | None = None) -> httpx2.Timeout:
    """Return the connect timeout, and one for reads: by default no wait of ours outlasts it."""
    import httpx2

    longest = max(settings.llm_first_token_timeout, settings.llm_read_timeout)
    return httpx2.Timeout(read or longest, connect=settings.llm_connect_timeout)


def pooled_client(settings: Settings) -> httpx2.AsyncClient:
    """Return a client that keeps connections; it belongs to the event loop that uses it first."""
    import httpx2

    return httpx2.AsyncClient(**_options(settings))


def loose_clients(settings: Settings) -> dict[str, Any]:
    """Return clients that keep no connection: any thread and any event loop may use them."""
    import httpx2

    limits = httpx2.Limits(max_keepalive_connections=0)
    options = _options(settings) | {"limits": limits}
    return {
        "http_client": httpx2.Client(**options),
        "http_async_client": httpx2.AsyncClient(**options),
    }


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "timeout": http_timeout(settings),
        "follow_redirects": False,
        "verify": _certificates(),
        "trust_env": not _is_local(settings.base_url),
    }


def _is_local(address: str | None) -> bool:
    """A proxy of the environment is no way to a server on this machine."""
    host = urlsplit(address or "").hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


@cache
def _certificates() -> ssl.SSLContext:
    """Read the certificate store once: it takes longer than all the rest of a client."""
    import httpx2

    return httpx2.create_ssl_context()
