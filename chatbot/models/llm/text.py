"""The text of one call: what of it is answer, and what is wrong with it when it has ended.

And how many tokens a text may be. Knows nothing of servers, documents or markers.
"""

from __future__ import annotations

import re
import unicodedata

from chatbot.errors import LLMBadResponse, LLMError, LLMIncomplete, LLMTimeout
from chatbot.models.llm.errors import timed_out

CHARS_PER_TOKEN = 12
"""More than tokenizers pack on average: a bound for servers that ignore the token limit."""
_COMPLETE = {"stop", "end_turn", "stop_sequence", "complete", "eos", "eos_token"}
_LENGTH = {"length", "max_tokens", "model_length", "max_output_tokens"}
_FILTERED = {"content_filter", "safety", "refusal", "recitation", "prohibited_content", "blocklist"}
_TAGS = ("think", "thinking", "thought", "reasoning", "reflection")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]+")
_NO_VOWEL_OR_LONG_CLUSTER = re.compile(r"[^aeiouy]+|.*[^aeiouy]{6}.*")
_LOOP = re.compile(r"\b([^\W_]{1,40})(?:\W+\1\b){19}|([^\W_])\2{79}")
_BROKEN = {"Cc", "Cn", "Co", "Cs"}


class AnswerText:
    """The visible text of one call so far."""

    def __init__(self) -> None:
        """Start empty."""
        self.began = False
        """Whether a token has come, be it of an answer or of thinking aloud."""
        self.released = ""
        self.thoughts = ThoughtFilter()

    def feed(self, delta: str) -> str:
        """Return the part of the model's text that may be released now."""
        self.began = self.began or bool(delta)
        text = self.thoughts.feed(delta)
        self.released += text
        return text

    def finish(self) -> str:
        """Return what was held back until the end."""
        text = self.thoughts.finish()
        self.released += text
        return text

    def fault(self, finish_reason: str | None) -> LLMError | None:
        """Return what is wrong with it now that its stream has ended; None when it is complete."""
        reason = (finish_reason or "").lower()
        if reason in _LENGTH or reason in _FILTERED:
            return self.incomplete(reason)
        if not self.released.strip():
            return LLMBadResponse("The model server sent an empty answer.")
        if reason not in _COMPLETE:
            return self.incomplete(reason)
        if is_gibberish(self.released):
            return LLMBadResponse("The model's answer is no readable text.")
        return None

    def incomplete(self, reason: str) -> LLMIncomplete:
        """Return the error of an answer that ended for ``reason``, empty where none was given."""
        if reason in _LENGTH:
            cut = "is cut" if self.released else "did not begin"
            return LLMIncomplete(
                f"The model's answer {cut} at the length limit; raise CHATBOT_MAX_ANSWER_TOKENS."
            )
        if reason in _FILTERED:
            return LLMIncomplete("The model server's content filter stopped the answer.")
        end = f"with {reason!r}" if reason else "without saying that it was complete"
        return LLMIncomplete(f"The model's answer ended {end}.")

    def too_slow(self, *, in_time: bool) -> LLMTimeout:
        """Return the error of a stream that brought nothing for too long.

        ``in_time`` is whether the answer as a whole still had time.
        """
        if not in_time:
            return LLMTimeout(
                "The model did not finish its answer in the time allowed for one answer."
            )
        return timed_out("The model server", started=bool(self.released))


class ThoughtFilter:
    """Drops a block of thinking (``<think>`` and its like) from the start of a stream.

    Local reasoning models write it into the answer itself when their server does not take it out.
    """

    def __init__(self) -> None:
        self._held: str | None = ""
        """Text from the start that may yet be thinking; None once the answer has begun."""
        self.found = False

    def feed(self, delta: str) -> str:
        """Return the part of ``delta`` that is answer; it may come later than it was fed."""
        if self._held is None:
            return delta
        self._held += delta
        start = self._held.lstrip()
        if tag := _tag_of(start):
            self.found = True
            _, closed, rest = start.partition(f"</{tag}>")
            if not closed or not rest.strip():
                return ""
            start = rest.lstrip()
        elif any(f"<{tag}>".startswith(start) for tag in _TAGS):
            return ""
        self._held = None
        return start

    def finish(self) -> str:
        """Return what was held back and is answer after all."""
        held, self._held = self._held or "", None
        return "" if _tag_of(held.lstrip()) else held


def _tag_of(text: str) -> str:
    return next((tag for tag in _TAGS if text.startswith(f"<{tag}>")), "")


def is_gibberish(text: str) -> bool:
    """Return whether ``text`` cannot be an answer in any language. In doubt it can.

    True for: no letter and no digit at all; a third of it replacement, control or unassigned
    characters; one word twenty times or one character eighty times in a row; most of at least six
    lower-case Latin words impossible to pronounce. Scripts without spaces or vowels are left alone.
    """
    visible = [char for char in text if not char.isspace()]
    if not any(char.isalnum() for char in visible):
        return True
    broken = sum(char == "\ufffd" or unicodedata.category(char) in _BROKEN for char in visible)
    if 3 * broken >= len(visible) or _LOOP.search(text):
        return True
    latin = [word for word in _WORD.findall(text) if len(word) >= 4 and _LATIN.fullmatch(word)]
    odd = sum(bool(_NO_VOWEL_OR_LONG_CLUSTER.fullmatch(word)) for word in latin)
    return len(latin) >= 6 and 2 * odd > len(latin)
