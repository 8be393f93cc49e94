"""From settings to a LangChain chat model, through ``init_chat_model``; sends nothing.

Any provider whose package is installed works. For ``openai`` (which means every server that speaks
the Chat Completions protocol) address, key, timeouts and redirects are ours, so that nothing but
the configured server is ever asked.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from chatbot.errors import SettingsError
from chatbot.models.llm.server import (
    OPENAI_URL,
    PLACEHOLDER_KEY,
    check_address,
    http_options,
    key_of,
)
from chatbot.settings import Settings

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel

THINKING_TOKENS = 4000
"""Added to the answer's limit for models that reason: their thoughts count against it."""
_TRACING = ("TRACING_V2", "TRACING", "GATEWAY")
_UNKNOWN = re.compile("(?:infer|unsupported).*provider", re.IGNORECASE)


def silence_tracing(settings: Settings) -> None:
    """Turn LangSmith off in this process, unless the settings ask for it.

    It comes with LangChain, and with its variables set in the user's shell it sends every question
    and document to its service, or the request itself (``LANGSMITH_GATEWAY``).
    Call before LangChain is imported.
    """
    if settings.langsmith_tracing:
        return
    for name in _TRACING:
        os.environ[f"LANGSMITH_{name}"] = "false"
        os.environ[f"LANGCHAIN_{name}"] = "false"
    if "langsmith.utils" in sys.modules:
        sys.modules["langsmith.utils"].get_env_var.cache_clear()


def untraced(settings: Settings) -> AbstractContextManager[None]:
    """Keep what is called out of a LangSmith trace that the calling program may have open."""
    from langsmith import tracing_context

    return nullcontext() if settings.langsmith_tracing else tracing_context(enabled=False)


def build_model(settings: Settings, *, client: httpx2.AsyncClient | None = None) -> BaseChatModel:
    """Return the LangChain model that ``settings.model`` names.

    ``client`` are connections for an ``openai`` model; None makes some that are closed after each
    call.

    Raises:
        SettingsError: no such provider, its package or its key missing, or a bad address.
    """
    silence_tracing(settings)
    model = settings.model or ""
    try:
        if provider_of(model) == "openai":
            return _init(model, _openai_options(settings, client))
        access = _access(settings)
        options = _known(type(_init(model, access)), _common_options(settings))
        return _init(model, access | options)
    except ImportError as error:
        package = re.search(r"pip install ([\w.\[\]-]+)", str(error))
        name = package[1] if package else f"langchain-{provider_of(model).replace('_', '-')}"
        raise SettingsError(
            f"CHATBOT_MODEL is {model!r}, which needs the package {name}: pip install {name}"
        ) from error
    except ValueError as error:  # an unknown provider, or what the provider's own checks refuse
        if _UNKNOWN.search(str(error)):
            raise SettingsError(
                f"CHATBOT_MODEL is {model!r}, but no provider is called {provider_of(model)!r}; "
                "some are openai, anthropic, google_genai, mistralai and ollama."
            ) from None
        raise SettingsError(
            f"CHATBOT_MODEL is {model!r}, which cannot be used: {_first_line(error)}"
        ) from None


def _init(model: str, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    built: BaseChatModel = init_chat_model(model, **options)
    return built


def provider_of(model: str) -> str:
    """Return the provider of ``provider:name``.

    Raises:
        SettingsError: if there is none.
    """
    provider, colon, name = model.partition(":")
    if not (colon and name and re.fullmatch(r"[A-Za-z_-]+", provider)):
        raise SettingsError(
            f"CHATBOT_MODEL is {model!r}; write provider:name, for example openai:gpt-5-mini."
        )
    return provider.replace("-", "_").lower()


def _openai_options(settings: Settings, client: httpx2.AsyncClient | None) -> dict[str, Any]:
    check_address(settings.base_url, setting="OPENAI_BASE_URL")
    key = key_of(settings)
    if key and not re.fullmatch(r"[!-~]+", key):
        raise SettingsError(
            "OPENAI_API_KEY contains a character that keys never have. Copy it again."
        )
    if not key and settings.base_url is None:
        raise SettingsError(
            f"CHATBOT_MODEL is {settings.model!r} but there is no key: set OPENAI_API_KEY, "
            "or OPENAI_BASE_URL to the address of a server that needs no key."
        )
    import httpx2

    # A client that keeps no connection may be used by any thread and any event loop.
    limits = httpx2.Limits(max_keepalive_connections=0)
    loose = http_options(settings, settings.base_url) | {"limits": limits}
    options = _common_options(settings) | {
        "base_url": settings.base_url or OPENAI_URL,
        "api_key": key or PLACEHOLDER_KEY,
        "use_responses_api": False,
        "stream_usage": True,
        "timeout": loose["timeout"],
        **_token_limit(settings),
        "http_client": httpx2.Client(**loose),
        "http_async_client": client or httpx2.AsyncClient(**loose),
    }
    return options | ({"stream_chunk_timeout": None} if client else {})


def _token_limit(settings: Settings) -> dict[str, Any]:
    """Name the limit as the server knows it: OpenAI's own has another name than all the others."""
    host = urlsplit(settings.base_url or OPENAI_URL).hostname or ""
    if host.endswith(("openai.com", "openai.azure.com")):
        return {"max_tokens": settings.max_answer_tokens + THINKING_TOKENS}
    return {"max_tokens": None, "extra_body": {"max_tokens": settings.max_answer_tokens}}


def _common_options(settings: Settings) -> dict[str, Any]:
    options = {
        "max_retries": 0,  # trying again is ours: theirs also tries again on an exhausted quota
        "timeout": max(settings.llm_first_token_timeout, settings.llm_read_timeout),
        "max_tokens": settings.max_answer_tokens + THINKING_TOKENS,
        "temperature": settings.temperature,
    }
    return {name: value for name, value in options.items() if value is not None}


def _access(settings: Settings) -> dict[str, Any]:
    """Key and address for another provider: never those that were set for OpenAI."""
    given = {"api_key": key_of(settings), "base_url": (settings.base_url or "").strip()}
    return {
        name: value
        for name, value in given.items()
        if value and value != os.environ.get(f"OPENAI_{name.upper()}", "").strip()
    }


def _known(cls: type[BaseChatModel], options: dict[str, Any]) -> dict[str, Any]:
    names = {*cls.model_fields, *(field.alias for field in cls.model_fields.values())}
    return {name: value for name, value in options.items() if name in names}


def _first_line(error: ValueError) -> str:
    from pydantic import ValidationError

    if isinstance(error, ValidationError):  # its text repeats the values it was given: no key here
        return str(error.errors()[0]["msg"]).rstrip(".") + "."
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") + "." if lines else f"{type(error).__name__}."
