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
    usage = chunk.usage_metadata
    return Delta(
        text=str(chunk.text),
        finish_reason=next((str(reason) for reason in reasons if reason), None),
        usage=(
            TokenUsage(
                tokens_in=usage["input_tokens"],
                tokens_out=usage["output_tokens"],
                cached=usage.get("input_token_details", {}).get("cache_read"),
            )
            if usage
            else TokenUsage()
        ),
    )


def _larger(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)
