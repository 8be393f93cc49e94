"""What the fake model server is asked, and every way in which it may answer."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float = field(default_factory=time.monotonic)
    closed: threading.Event = field(default_factory=threading.Event)
    """Set when the client closed the connection before the reply was over."""
    done: threading.Event = field(default_factory=threading.Event)
    """Set when the reply was sent to its end."""

    @property
    def messages(self) -> list[tuple[str, str]]:
        return [(message["role"], message["content"]) for message in self.body["messages"]]


Step = bytes | threading.Event | float | None
"""Send bytes; wait for the event; wait some seconds; None: cut the connection (TCP reset)."""


@dataclass
class Reply:
    """What the server does with one request: the steps for a streamed and for a plain one."""

    streamed: Sequence[Step]
    plain: Sequence[Step] | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str | None = None
    silent: bool = False
    """Send no status line before the steps are over."""


def _event(data: object) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def _chunk(delta: dict[str, Any] | None, finish_reason: str | None = None) -> bytes:
    choices = [] if delta is None else [_choice(delta, finish_reason)]
    return _event({"id": "c1", "object": "chat.completion.chunk", "model": "m", "choices": choices})


def _choice(delta: dict[str, Any], finish_reason: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _usage(tokens_in: int, tokens_out: int, cached: int = 0) -> dict[str, Any]:
    return {
        "prompt_tokens": tokens_in,
        "completion_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
        "prompt_tokens_details": {"cached_tokens": cached},
    }


def _plain(text: str | None, finish_reason: str | None, choices: bool = True) -> list[Step]:
    message = {"role": "assistant", "content": text}
    body = {
        "id": "c1",
        "object": "chat.completion",
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}] * choices,
        "usage": _usage(11, 7),
    }
    return [json.dumps(body).encode()]


def _pieces(text: str | Sequence[str]) -> list[str]:
    if not isinstance(text, str):
        return list(text)
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def says(
    text: str | Sequence[str],
    *,
    finish_reason: str | None = "stop",
    usage: bool = True,
    gate: threading.Event | None = None,
    delay: float = 0.0,
    cached: int = 0,
) -> Reply:
    """Answer ``text``, in the given pieces or in pieces of four characters.

    Args:
        text: the answer.
        finish_reason: of the last chunk; None leaves it out.
        usage: send the token counts, 11 in and 7 out, when the client asked for them.
        gate: waited for after the first piece.
        delay: seconds between the pieces.
        cached: of the tokens in, those that the server says it had read before.
    """
    steps: list[Step] = [_chunk({"role": "assistant", "content": ""})]
    for number, piece in enumerate(_pieces(text)):
        if number == 1 and gate is not None:
            steps.append(gate)
        if number and delay:
            steps.append(delay)
        steps.append(_chunk({"content": piece}))
    if finish_reason is not None:
        steps.append(_chunk({}, finish_reason))
    if usage:
        steps.append(_event({"id": "c1", "choices": [], "usage": _usage(11, 7, cached)}))
    return Reply([*steps, b"data: [DONE]\n\n"], _plain("".join(_pieces(text)), finish_reason))


def status(
    code: int,
    *,
    error: str | None = None,
    message: str = "it failed",
    retry_after: float | None = None,
) -> Reply:
    """Answer an HTTP error; ``error`` is the error code of the body."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": error}}
    steps: list[Step] = [json.dumps(body).encode()]
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    return Reply(steps, steps, status=code, headers=headers, content_type="application/json")


def hangs(seconds: float = 60.0) -> Reply:
    """Take the request and say nothing."""
    return Reply([seconds], [seconds], silent=True)


def html() -> Reply:
    """Answer a web page, as a wrong address or a login page in between does."""
    page: list[Step] = [b"<!doctype html><html><body><p>Please log in</p></body></html>"]
    return Reply(page, page, content_type="text/html")


def no_choices() -> Reply:
    """Answer ``choices: []``."""
    return Reply([_chunk(None), b"data: [DONE]\n\n"], _plain("", "stop", choices=False))


def null_content() -> Reply:
    """Answer ``content: null`` and stop."""
    chunk = _chunk({"role": "assistant", "content": None}, "stop")
    return Reply([chunk, b"data: [DONE]\n\n"], _plain(None, "stop"))


def cut(text: str = "Japan sent 101 trucks") -> Reply:
    """Break the connection in the middle of the answer."""
    return Reply([*(_chunk({"content": piece}) for piece in _pieces(text)), 0.05, None])


def stalls(text: str = "Japan sent 101 trucks", *, seconds: float = 60.0) -> Reply:
    """Stop sending in the middle of the answer, the connection open."""
    return Reply([*(_chunk({"content": piece}) for piece in _pieces(text)), seconds])


def error_event(text: str = "Japan sent", *, code: str | int | None = "server_error") -> Reply:
    """Send an error as an event of the stream."""
    error = {"error": {"message": "the engine died", "type": "server_error", "code": code}}
    return Reply([*(_chunk({"content": piece}) for piece in _pieces(text)), _event(error)])


def gibberish() -> Reply:
    """Answer text of no language, complete by the protocol."""
    return says("xkqzv wrtplk bnmxz qwrtpk vbnzx kljhg pqwrt zxcvb \ufffd\ufffd\ufffd mnbvc")
