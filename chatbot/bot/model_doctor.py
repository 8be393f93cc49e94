"""Is a chat model fit for answering here? Three questions about a text of ours, and the clock.

No document of the user is sent.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING

from chatbot.errors import LLMError, SettingsError
from chatbot.settings import Settings

if TYPE_CHECKING:
    from chatbot.models.llm import ChatModel

EVIDENCE = (
    "The lighthouse of Brandholm was built in 1874 and is 31 metres high.",
    "Its keeper, Solveig Dahl, opens it to visitors on the first Sunday of each month.",
    "Climbing the 142 steps costs 4 euros; children pay nothing.",
)
QUESTIONS = (
    ("How high is the lighthouse of Brandholm?", "31"),
    ("Who is the keeper of the lighthouse?", "Dahl"),
    ("How many ships does the harbour of Brandholm have?", None),
)
"""With a word that a right answer has; None where the text does not answer."""
_SLOW_START = 30.0
_SLOW = 3.0
_AROUND = 400
"""Tokens of the prompt around evidence and answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelReply:
    """What the model did with one question."""

    right: bool
    cited: bool
    """Whether it has a marker of a sentence that was offered."""
    arrived: list[float]
    """Seconds to each piece of text."""
    tokens: int | None


@dataclass(slots=True, kw_only=True)
class ModelReport:
    """What was found; ``line`` says it in one sentence."""

    model: str
    lines: list[str] = field(default_factory=list)
    """What was measured, one thing a line."""
    limits: list[str] = field(default_factory=list)
    """What makes the model less fit than others."""
    unfit: str | None = None
    """Why it cannot be used at all."""

    @property
    def line(self) -> str:
        """The outcome: fit, fit with limits, or unfit."""
        if self.unfit is not None:
            return f"{self.model} is unfit: {self.unfit}"
        if self.limits:
            return f"{self.model} is fit, with limits: {'; '.join(self.limits)}."
        return f"{self.model} is fit."


def examine_model(settings: Settings) -> ModelReport:
    """Ask the model of the settings, and return what was found."""
    from chatbot.models.llm import ChatModel

    if settings.model is None:
        raise SettingsError(
            "No model is set. Set CHATBOT_MODEL to the model that you want to test."
        )
    report = ModelReport(model=settings.model)
    with closing(ChatModel(settings)) as model:
        try:
            _listed(settings, report)
            replies = [_reply(model, *asked, report=report) for asked in QUESTIONS]
            _judge(replies, report)
        except LLMError as error:
            report.unfit = str(error)
    return report


class Examination:
    """Examines the model of a server beside its work."""

    line: str | None = None
    """The outcome, once it is known."""

    def __init__(self, settings: Settings, tell: Callable[[str], None]) -> None:
        """Take the settings, and what is told the outcome; nothing is sent."""
        self._settings = settings
        self._tell = tell

    def start(self) -> None:
        """Begin, in a thread that ends with the process."""
        Thread(target=self._run, name="chatbot-model", daemon=True).start()

    def _run(self) -> None:
        self.line = examine_model(self._settings).line
        self._tell(self.line)


def _listed(settings: Settings, report: ModelReport) -> None:
    """Look the model up in the server's list; what is not told is no fault."""
    from chatbot.models.llm.server import served_models

    provider, _, name = (settings.model or "").partition(":")
    if provider != "openai":
        return
    try:
        served = served_models(settings)
    except LLMError as error:
        report.lines.append(f"The server does not list its models: {error}")
        return
    here = next((one for one in served if one.name == name), None)
    if here is None and served:
        shown = ", ".join(one.name for one in served[:20])
        report.lines.append(f"The server has no model called {name}; it has {shown}.")
        report.limits.append(f"the server does not list it (it has {shown})")
        here = served[0] if len(served) == 1 else None
    needed = settings.max_evidence_tokens + settings.max_answer_tokens + _AROUND
    if here is not None and here.context is not None:
        report.lines.append(f"Context: {here.context:,} tokens; up to {needed:,} are needed.")
        if here.context < needed:
            report.limits.append(
                f"it reads {here.context:,} tokens, so set CHATBOT_MAX_EVIDENCE_TOKENS to "
                f"{max(100, here.context - settings.max_answer_tokens - _AROUND)} or less"
            )


def _reply(
    model: ChatModel, question: str, wanted: str | None, *, report: ModelReport
) -> ModelReply:
    from chatbot.answering.prompts import load_prompt, make_boundary
    from chatbot.answering.streaming.reply import NO_ANSWER

    evidence = "\n".join(f"[{n}] {text}" for n, text in enumerate(EVIDENCE, start=1))
    messages = load_prompt("answer").messages(
        boundary=make_boundary(evidence), evidence=evidence, no_answer=NO_ANSWER, question=question
    )
    began = time.monotonic()
    with model.stream(messages) as generation:
        timed = [(delta, time.monotonic() - began) for delta in generation]
    text = "".join(delta for delta, _ in timed).strip()
    report.lines.append(f"{question} -> {' '.join(text.split())[:120]}")
    return ModelReply(
        right=(wanted or NO_ANSWER) in text,
        cited=any(f"[{n}]" in text for n in range(1, len(EVIDENCE) + 1)),
        arrived=[seconds for _, seconds in timed],
        tokens=generation.known.usage.tokens_out,
    )


def _judge(replies: list[ModelReply], report: ModelReport) -> None:
    """Put what was measured into words."""
    *answers, nothing = replies
    first = max(one.arrived[0] for one in replies)
    report.lines.append(f"First token after {first:.1f} s at most.")
    streamed = [one for one in answers if one.tokens and one.arrived[-1] > one.arrived[0]]
    speed = math.inf
    if streamed:
        seconds = sum(one.arrived[-1] - one.arrived[0] for one in streamed)
        speed = sum(one.tokens or 0 for one in streamed) / seconds
        report.lines.append(f"{speed:.1f} tokens a second.")
    limits = {
        f"its first word takes up to {first:.0f} s": first > _SLOW_START,
        f"it writes {speed:.1f} tokens a second": speed < _SLOW,
        "its server does not say how many tokens it used": any(
            one.tokens is None for one in replies
        ),
        "its server does not stream": all(len(one.arrived) == 1 for one in answers),
        "it answered one of two easy questions wrongly": len({one.right for one in answers}) > 1,
        "it does not mark its sources, so the check looks for them": not all(
            one.cited for one in answers
        ),
        "it answers what the documents do not say": not nothing.right,
    }
    report.limits += [words for words, holds in limits.items() if holds]
    if not any(one.right for one in answers):
        report.unfit = "it answered neither of two questions whose answer it was given."
