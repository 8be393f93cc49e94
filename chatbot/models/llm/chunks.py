"""What our chat model needs of one LangChain message chunk, whatever the provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

_REASONS = ("finish_reason", "stop_reason", "done_reason", "finishReason", "stopReason")
"""OpenAI and Google, Anthropic, Ollama; the rest are spellings of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUsage:
    """Tokens of a call; None where the server did not say."""

    tokens_in: int | None = None
    tokens_out: int | None = None
    cached: int | None = None
    """Of ``tokens_in`` those that the server did not have to read again."""

    def merged(self, other: Self) -> TokenUsage:
        """Return the larger of both: servers send the sum so far, in the last chunk or in each."""
        return TokenUsage(
            tokens_in=_larger(self.tokens_in, other.tokens_in),
            tokens_out=_larger(self.tokens_out, other.tokens_out),
            cached=_larger(self.cached, other.cached),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One chunk of an answer."""

    text: str = ""
    finish_reason: str | None = None
    usage: TokenUsage = field(default_factory=TokenUsage)


def read_chunk(chunk: AIMessageChunk) -> Delta:
    """Return the chunk's text, finish reason and usage."""
    reasons = (chunk.response_metadata.get(name) for name in _REASONS)
    reason = next((str(reason) for reason in reasons if reason), None)
    known, usage = chunk.usage_metadata, TokenUsage()
    if known:
        cached = known.get("input_token_details", {}).get("cache_read")
        tokens_in, tokens_out = known["input_tokens"], known["output_tokens"]
        usage = TokenUsage(tokens_in=tokens_in, tokens_out=tokens_out, cached=cached)
    return Delta(text=str(chunk.text), finish_reason=reason, usage=usage)


def _larger(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)
