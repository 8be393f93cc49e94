"""Counting answers and the tokens of the model, whichever surface a person asks on.

Knows no limits: a ``Meter`` does.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Protocol, cast

from chatbot.settings import Settings
from chatbot.types import Answer, AnswerEvent, TextDelta, Usage

CHARACTERS_PER_TOKEN = 4


class Meter(Protocol):
    """Lets questions pass and is told what they cost. Called from several threads."""

    def admit(self, owner: str | None) -> None:
        """Let a question pass.

        Raises:
            OverLimit: the day's tokens are used up.
        """

    def spend(self, owner: str | None, tokens: int) -> None:
        """Take note of tokens that were used."""

    def answered(self, answer: Answer) -> None:
        """Take note of an answer."""


def metered(
    events: Iterator[AnswerEvent], meter: Meter, *, owner: str | None, settings: Settings
) -> Iterator[AnswerEvent]:
    """Yield the events, and tell the meter what the answer cost.

    Where the server did not say, or the answer was stopped on the way, it is an estimate: else
    whoever hangs up just before the end would pay nothing.
    """
    written = 0
    usage = Usage()
    try:
        with closing(cast("Generator[AnswerEvent, None, None]", events)):
            for event in events:
                if isinstance(event, TextDelta):
                    written += len(event.text)
                if isinstance(event, Answer):
                    usage = event.usage
                    meter.answered(event)
                yield event
    finally:
        if settings.model is not None:
            meter.spend(owner, _cost(usage, written, settings))


def _cost(usage: Usage, written: int, settings: Settings) -> int:
    if usage.tokens_in is not None:
        return usage.tokens_in + (usage.tokens_out or 0)
    # A refusal before the model was asked has seconds, and no stage of the model among them.
    if usage.seconds and "generate" not in usage.seconds:
        return 0
    return settings.max_evidence_tokens + written // CHARACTERS_PER_TOKEN
