"""What one open page remembers: the turns of its conversation, and how to stop what is running.

In memory, for this page alone. Knows no Gradio.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import uuid4

from chatbot.models.cancel import Cancel
from chatbot.types import SavedTurn, Turn
from chatbot.ui.draft import TurnDraft, drafted


@dataclass(slots=True)
class Session:
    """One page's conversation. Gradio copies it once for each page, then hands out that one."""

    conversation: str = ""
    turns: list[TurnDraft] = field(default_factory=list)
    """Oldest first."""
    cancel: Cancel | None = None
    """Stops the answer that is being made; None where none is."""

    dropped: set[str] = field(default_factory=set)
    """Ids of turns that were taken back: their answers, if they still come, are not kept."""

    def begin(self, draft: TurnDraft, *, replaces: str = "") -> Cancel:
        """Begin a turn, and return what stops its answer; an older one still being made is stopped.

        ``replaces`` is the id of a turn that goes, with those after it.
        """
        self.stop()
        self.drop(replaces)
        self.conversation = self.conversation or uuid4().hex
        self.turns.append(draft)
        self.cancel = Cancel()
        return self.cancel

    def stop(self) -> None:
        """Stop the answer that is being made, if one is."""
        if self.cancel is not None:
            self.cancel.set()
            self.cancel = None

    def drop(self, turn_id: str) -> None:
        """Take back a turn and those after it; nothing happens if there is no such turn."""
        for number, turn in enumerate(self.turns):
            if turn.id == turn_id:
                self.stop()
                self.dropped.update(one.id for one in self.turns[number:])
                del self.turns[number:]
                return

    def open(self, conversation: str, turns: Iterable[SavedTurn]) -> None:
        """Go on with a saved conversation. An answer that is being made for another goes on too."""
        self.cancel = None
        self.conversation = conversation
        self.turns = [drafted(turn) for turn in turns]

    def restart(self) -> None:
        """Stop, forget the conversation and begin a new one."""
        self.stop()
        self.turns.clear()
        self.conversation = uuid4().hex

    def remember(self, draft: TurnDraft) -> None:
        """Keep a turn as it is now, unless it was taken back."""
        self.turns = [draft if turn.id == draft.id else turn for turn in self.turns]

    def history(self, *, before: str = "") -> tuple[Turn, ...]:
        """Return what a follow-up refers to: answered turns alone, since half an answer is none."""
        said: list[Turn] = []
        for turn in self.turns:
            if turn.id == before:
                break
            if turn.answer is not None:
                said.append(Turn(role="user", content=turn.question))
                said.append(Turn(role="assistant", content=turn.answer.text))
        return tuple(said)
