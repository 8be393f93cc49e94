"""The text of one call: what of it is answer, and what is wrong with it when it has ended.

Knows nothing of servers.
"""

from __future__ import annotations

from chatbot.errors import LLMBadResponse, LLMError, LLMIncomplete, LLMTimeout
from chatbot.models.llm.text import ThoughtFilter, is_gibberish

CHARS_PER_TOKEN = 12
"""More than tokenizers pack on average: a bound for servers that ignore the token limit."""
_COMPLETE = {"stop", "end_turn", "stop_sequence", "complete", "eos", "eos_token"}
_LENGTH = {"length", "max_tokens", "model_length", "max_output_tokens"}
_FILTERED = {"content_filter", "safety", "refusal", "recitation", "prohibited_content", "blocklist"}


class AnswerText:
    """The visible text of one call so far."""

    def __init__(self, *, limit: int) -> None:
        """Start empty.

        Args:
            limit: characters after which it is ``too_long``.
        """
        self.began = False
        """Whether a token has come, be it of an answer or of thinking aloud."""
        self.started = False
        """Whether text has been released."""
        self.too_long = False
        self._thoughts = ThoughtFilter()
        self._parts: list[str] = []
        self._room = limit

    @property
    def thought(self) -> bool:
        """Whether it began with thinking aloud, which is not released."""
        return self._thoughts.found

    def feed(self, delta: str) -> str:
        """Return the part of the model's text that may be released now."""
        self.began = self.began or bool(delta)
        return self._keep(self._thoughts.feed(delta))

    def finish(self) -> str:
        """Return what was held back until the end."""
        return self._keep(self._thoughts.finish())

    def fault(self, finish_reason: str | None) -> LLMError | None:
        """Return what is wrong with it now that its stream has ended; None when it is complete."""
        reason = (finish_reason or "").lower()
        if reason in _LENGTH or reason in _FILTERED:
            return self.incomplete(reason)
        text = "".join(self._parts)
        if not text.strip():
            return LLMBadResponse("The model server sent an empty answer.")
        if reason not in _COMPLETE:
            return self.incomplete(reason)
        if is_gibberish(text):
            return LLMBadResponse("The model's answer is no readable text.")
        return None

    def incomplete(self, reason: str) -> LLMIncomplete:
        """Return the error of an answer that ended for ``reason``, empty where none was given."""
        if reason in _LENGTH:
            cut = "is cut" if self.started else "did not begin"
            return LLMIncomplete(
                f"The model's answer {cut} at the length limit; raise CHATBOT_MAX_ANSWER_TOKENS."
            )
        if reason in _FILTERED:
            return LLMIncomplete("The model server's content filter stopped the answer.")
        end = f"with {reason!r}" if reason else "without saying that it was complete"
        return LLMIncomplete(f"The model's answer ended {end}.")

    def too_slow(self, *, in_time: bool) -> LLMTimeout:
        """Return the error of a stream that brought nothing for too long.

        Args:
            in_time: whether the answer as a whole still had time.
        """
        if not in_time:
            return LLMTimeout(
                "The model did not finish its answer in the time allowed for one answer."
            )
        what = "stopped in the middle of its answer" if self.started else "did not answer in time"
        return LLMTimeout(f"The model server {what}.")

    def _keep(self, text: str) -> str:
        if text:
            self.started = True
            self._parts.append(text)
            self._room -= len(text)
            self.too_long = self._room < 0
        return text
