"""What a model library raised becomes one of our errors: the only translator of foreign errors.

It goes by HTTP status, error code and class *names*, so that it needs no import of ``openai`` and
serves the packages of other providers too. Nothing it returns holds a key: the server's own words
are quoted for bad requests only, shortened, with keys blanked.
"""

from __future__ import annotations

import concurrent.futures
import re
import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from chatbot.errors import (
    LLMAuthError,
    LLMBadResponse,
    LLMError,
    LLMIncomplete,
    LLMQuotaError,
    LLMRateLimited,
    LLMTimeout,
    LLMUnavailable,
)
from chatbot.models.llm.policy import Failure

_TIMEOUTS = {"APITimeoutError", "ModelTimeoutError", "TimeoutException", "TimeoutError"}
_CONNECTIONS = set(
    "APIConnectionError ModelConnectionError RequestError ConnectionError SSLError".split()
)
_EVENTS = {"APIError", "ModelAPIError"}
MALFORMED = (ValueError, LookupError, TypeError, AttributeError)
"""What a library trips over when the response is not what the protocol says: HTML is a ValueError
("No generation chunks were returned"), ``choices: []`` an IndexError."""
_CAUSES = (
    ("CERTIFICATE_VERIFY", "its certificate is not trusted"),
    ("SSL", "no secure connection"),
    ("gaierror", "its name is not known"),
    ("Connect call failed|ConnectionRefused|All connection attempts failed", "connection refused"),
    ("disconnected|reset", "it closed the connection"),
)
_QUOTA_CODES = {"insufficient_quota", "billing_hard_limit_reached", "quota_exceeded"}
_RATE_CODES = {"rate_limit_exceeded", "rate_limit_error", "rate_limited"}
_SECRET = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][^\s'\"]{6,}|\b[A-Za-z0-9+/_-]{32,}")


def describe(error: BaseException, *, started: bool = False) -> Failure:
    """Return how the call failed and whether asking again may help.

    Args:
        error: what the call raised: an ``openai``, ``httpx2``, ``langchain`` or other provider's
            exception.
        started: whether a part of the answer had already arrived.
    """
    if isinstance(error, LLMError):
        return Failure(error)
    if isinstance(error, concurrent.futures.CancelledError):
        return Failure(LLMIncomplete("The answer was stopped before it was complete."))
    names = {cls.__name__ for cls in type(error).__mro__}
    status = _status(error)
    if status is not None:
        return _from_status(error, status)
    if names & _TIMEOUTS:
        return Failure(timed_out(_server(error), started=started))
    if names & _CONNECTIONS:
        return _from_connection(error, started=started)
    if names & _EVENTS:
        return _from_event(error)
    if isinstance(error, MALFORMED):
        return Failure(
            LLMBadResponse(
                "The model server sent something that is not a chat answer; "
                "check that its address ends where its API begins (usually /v1)."
            )
        )
    return Failure(LLMError(f"The model failed ({type(error).__name__})."))


def timed_out(server: str, *, started: bool) -> LLMTimeout:
    """Return the error of a server that said nothing for too long."""
    what = "stopped in the middle of its answer" if started else "did not answer in time"
    return LLMTimeout(f"{server} {what}.")


def _from_status(error: BaseException, status: int) -> Failure:
    code, server = _code(error), _server(error)
    if status in (401, 403):
        return Failure(LLMAuthError(f"{server} refused the key ({status}); check the API key."))
    if status == 402 or code in _QUOTA_CODES:
        return Failure(LLMQuotaError("The account at the model server has no quota left."))
    seconds = _retry_after(error)
    if status == 429 or code in _RATE_CODES:
        wait = "" if seconds is None else f" and asks to wait {seconds:.0f} s"
        limited = LLMRateLimited(f"{server} has too many requests (429){wait}.")
        return Failure(limited, retryable=True, retry_after=seconds)
    if status >= 500 or status in (408, 425):
        failed = LLMUnavailable(f"{server} failed (HTTP {status}).")
        return Failure(failed, retryable=True, retry_after=seconds)
    return Failure(_refused(error, status, code))


def _refused(error: BaseException, status: int, code: str) -> LLMError:
    said = _said(error)
    if code == "content_filter":
        return LLMIncomplete("The model server's content filter stopped the answer.")
    if "context" in code or "context length" in said or "context window" in said:
        return LLMError(
            "The question and its evidence are too long for the model; "
            "lower CHATBOT_MAX_EVIDENCE_TOKENS."
        )
    if status < 400:
        return LLMError(
            f"{_server(error)} sends the request on to another address (HTTP {status}), which is "
            "not followed; set OPENAI_BASE_URL to that address if you trust it."
        )
    hint = " (is the model's name right, and does the address end in /v1?)" * (status == 404)
    return LLMError(f"{_server(error)} refused the request, HTTP {status}{hint}: {said}.")


def _from_connection(error: BaseException, *, started: bool) -> Failure:
    if started:
        return Failure(LLMIncomplete("The connection broke in the middle of the answer."))
    cause = error
    while under := cause.__cause__ or cause.__context__:
        cause = under
    told = f"{type(cause).__name__} {cause}"
    why = next((words for sign, words in _CAUSES if re.search(sign, told)), type(cause).__name__)
    unreached = LLMUnavailable(f"{_server(error)} cannot be reached: {why}.")
    return Failure(unreached, retryable="certificate" not in why)


def _from_event(error: BaseException) -> Failure:
    """An error that came as an event inside a stream: it has a code at best, no HTTP status."""
    code = _code(error)
    if code.isdigit() and 400 <= int(code) <= 599:
        return _from_status(error, int(code))
    if code == "content_filter" or code in _QUOTA_CODES | _RATE_CODES:
        return _from_status(error, 400)
    reported = LLMUnavailable(f"{_server(error)} reported an error while answering.")
    return Failure(reported, retryable=True)


def _status(error: BaseException) -> int | None:
    for told in (error, getattr(error, "response", None)):
        value = getattr(told, "status_code", None)
        if isinstance(value, int) and value >= 300:
            return value
    return None


def _code(error: BaseException) -> str:
    """Return the error code of the body, else its type, lower-case; empty when there is none."""
    values = (getattr(error, name, None) for name in ("code", "type"))
    told = (str(value).lower() for value in values if isinstance(value, str | int))
    return next((code for code in told if code not in ("", "none")), "")


def _retry_after(error: BaseException) -> float | None:
    headers: Any = getattr(getattr(error, "response", None), "headers", None) or {}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        with suppress(ValueError):
            return max(0.0, float(value) * unit)
        with suppress(ValueError):
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    return None


def _server(error: BaseException) -> str:
    """Name the server without path, query or credentials."""
    url = urlsplit(str(getattr(_request(error), "url", "")))
    if not url.hostname:
        return "The model server"
    port = f":{url.port}" if url.port else ""
    return f"The model server at {url.scheme}://{url.hostname}{port}"


def _request(error: BaseException) -> object:
    try:
        return getattr(error, "request", None)
    except RuntimeError:  # httpx's property, where no request was set
        return None


def _said(error: BaseException) -> str:
    """Return what the server gives as its reason, short and without keys."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    text = " ".join(message.split()) if isinstance(message, str) else ""
    headers: Any = getattr(_request(error), "headers", None) or {}
    if key := str(headers.get("authorization", "")).removeprefix("Bearer ").strip():
        text = text.replace(key, "…")
    return _SECRET.sub("…", text)[:200].rstrip(".") or "it gave no reason"
