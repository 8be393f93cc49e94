"""Is a chat model fit for answering here? Three questions about a text of ours, and the clock.

No document of the user is sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
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

    text: str
    right: bool
    cited: bool
    """Whether it has a marker of a sentence that was offered."""
    first: float
    """Seconds to the first token."""
    seconds: float
    deltas: int
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
    model = ChatModel(settings)
    try:
        _listed(settings, report)
        replies = list(_replies(model, report))
    except LLMError as error:
        report.unfit = str(error)
        return report
    finally:
        model.close()
    _judge(replies, report)
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
    names = [one.name for one in served]
    here = next((one for one in served if one.name == name), None)
    if here is None and names:
        shown = ", ".join(names[:20])
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


def _replies(model: ChatModel, report: ModelReport) -> Iterator[ModelReply]:
    from chatbot.answering.chain import chat_prompt
    from chatbot.answering.prompts import load_prompt, make_boundary
    from chatbot.answering.streaming.reply import NO_ANSWER

    prompt = chat_prompt(load_prompt("answer"))
    evidence = "\n".join(f"[{n}] {text}" for n, text in enumerate(EVIDENCE, start=1))
    for question, wanted in QUESTIONS:
        given = prompt.invoke(
            {
                "boundary": make_boundary(evidence),
                "evidence": evidence,
                "no_answer": NO_ANSWER,
                "question": question,
            }
        )
        began = time.monotonic()
        arrived, parts = [], []
        with model.stream(given) as generation:
            for delta in generation:
                arrived.append(time.monotonic() - began)
                parts.append(delta)
        text = "".join(parts).strip()
        report.lines.append(f"{question} -> {' '.join(text.split())[:120]}")
        yield ModelReply(
            text=text,
            right=NO_ANSWER in text if wanted is None else wanted in text,
            cited=any(f"[{n}]" in text for n in range(1, len(EVIDENCE) + 1)),
            first=arrived[0],
            seconds=arrived[-1],
            deltas=len(arrived),
            tokens=generation.known.usage.tokens_out,
        )


def _judge(replies: list[ModelReply], report: ModelReport) -> None:
    """Put what was measured into words."""
    *answers, nothing = replies
    first = max(reply.first for reply in replies)
    report.lines.append(f"First token after {first:.1f} s at most.")
    if first > _SLOW_START:
        report.limits.append(f"its first word takes up to {first:.0f} s")
    timed = [one for one in answers if one.tokens and one.seconds > one.first]
    if timed:
        tokens = sum(one.tokens or 0 for one in timed)
        speed = tokens / sum(one.seconds - one.first for one in timed)
        report.lines.append(f"{speed:.1f} tokens a second.")
        if speed < _SLOW:
            report.limits.append(f"it writes {speed:.1f} tokens a second")
    if any(one.tokens is None for one in replies):
        report.limits.append("its server does not say how many tokens it used")
    if all(one.deltas == 1 for one in answers):
        report.limits.append("its server does not stream")
    if not any(one.right for one in answers):
        report.unfit = "it answered neither of two questions whose answer it was given."
    elif not all(one.right for one in answers):
        report.limits.append("it answered one of two easy questions wrongly")
    if not all(one.cited for one in answers):
        report.limits.append("it does not mark its sources, so the check looks for them")
    if not nothing.right:
        report.limits.append("it answers what the documents do not say")
