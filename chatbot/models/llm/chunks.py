"""What becomes known of an answer beside its text, from LangChain's message chunks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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


@dataclass(slots=True)
class Outcome:
    """What becomes known of an answer while it streams."""

    text: str = ""
    """The whole answer, where it was not streamed."""
    usage: TokenUsage = field(default_factory=TokenUsage)
    thought: bool = False
    """Whether the model thought aloud, which was taken out."""
    finish_reason: str | None = None
    """Why the server ended the answer, in its own word; None before it said so."""
    complete: bool = False
    """True once the last delta was read and the server said that it was the last."""

    def note(self, chunk: AIMessageChunk) -> None:
        """Take note of what one chunk tells, whatever the provider."""
        reasons = map(chunk.response_metadata.get, _REASONS)
        self.finish_reason = next((str(one) for one in reasons if one), self.finish_reason)
        if told := chunk.usage_metadata:
            known, details = self.usage, told.get("input_token_details") or {}
            # The larger counts: servers send the sum so far, in the last chunk or in each.
            self.usage = TokenUsage(
                tokens_in=_larger(known.tokens_in, told.get("input_tokens")),
                tokens_out=_larger(known.tokens_out, told.get("output_tokens")),
                cached=_larger(known.cached, details.get("cache_read")),
            )


def _larger(one: int | None, other: int | None) -> int | None:
    return max((value for value in (one, other) if value is not None), default=None)
