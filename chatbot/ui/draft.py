"""An answer while it comes: what the events of a stream add up to.

Pure folding of events; knows no page and no wording.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from chatbot.types import (
    Answer,
    AnswerEvent,
    Citation,
    Claim,
    ClaimChecked,
    MarkerResolved,
    ReadingPrompt,
    Restarted,
    SavedTurn,
    TextDelta,
)

State = Literal["waiting", "streaming", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDraft:
    """One turn of the page: a question and what is known of its answer so far."""

    id: str
    question: str
    mode: str
    """``extractive`` or the model's name; of the answer, once it is there."""
    state: State = "waiting"
    reading: ReadingPrompt | None = None
    """What the model was given to read last; None where none was asked."""
    text: str = ""
    claims: tuple[Claim, ...] = ()
    citations: dict[int, Citation] = field(default_factory=dict)
    """By marker."""
    restarted: str | None = None
    """Why what was streamed before became void."""
    error: str | None = None
    """Why there is no answer, in one sentence."""
    answer: Answer | None = None

    def after(self, events: Iterable[AnswerEvent]) -> TurnDraft:
        """Return the draft as it is after these events."""
        draft = self
        for event in events:
            draft = _after_one(draft, event)
        return draft

    def failed(self, error: str) -> TurnDraft:
        """Return the draft with the reason why there will be no answer."""
        return replace(self, state="failed", error=error)


def drafted(turn: SavedTurn) -> TurnDraft:
    """Return the draft that a saved turn was at its end."""
    draft = TurnDraft(id=turn.id, question=turn.question, mode=turn.answer.mode)
    return draft.after([turn.answer])


def _after_one(draft: TurnDraft, event: AnswerEvent) -> TurnDraft:
    match event:
        case ReadingPrompt():
            return replace(draft, reading=event)
        case TextDelta():
            return replace(draft, state="streaming", text=draft.text + event.text)
        case MarkerResolved():
            return replace(draft, citations=_with(draft.citations, (event.citation,)))
        case ClaimChecked():
            return replace(
                draft,
                claims=(*draft.claims, event.claim),
                citations=_with(draft.citations, event.citations),
            )
        case Restarted():
            return replace(
                draft, text="", claims=(), citations={}, mode="extractive", restarted=event.reason
            )
        case Answer():
            return replace(
                draft,
                state="done",
                text=event.text,
                claims=event.claims,
                citations=_with({}, event.citations),
                mode=event.mode,
                answer=event,
            )


def _with(known: dict[int, Citation], more: Iterable[Citation]) -> dict[int, Citation]:
    return known | {citation.marker: citation for citation in more}
