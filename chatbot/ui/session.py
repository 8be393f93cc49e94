"""What one open page remembers: its conversation, and how to stop what is running.

In memory, for this page alone. Knows no Gradio; used by ``handlers``, kept in a ``gr.State``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

from chatbot.models.cancel import Cancel
from chatbot.types import Turn
from chatbot.ui.draft import Draft


@dataclass(slots=True)
class Session:
    """One page's conversation. Gradio copies it once for each page, then hands out that one."""

    conversation: str = ""
    history: list[Turn] = field(default_factory=list)
    cancel: Cancel | None = None
    """Of the answer that is being made, if one is."""

    def begin(self) -> Cancel:
        """Return a new way to stop the answer that begins now; an older one is stopped."""
        self.stop()
        self.conversation = self.conversation or uuid4().hex
        self.cancel = Cancel()
        return self.cancel

    def stop(self) -> None:
        """Stop the answer that is being made, if one is."""
        if self.cancel is not None:
            self.cancel.set()
            self.cancel = None

    def restart(self) -> None:
        """Stop, forget the conversation and begin a new one."""
        self.stop()
        self.history.clear()
        self.conversation = uuid4().hex

    def remember(self, draft: Draft, *, conversation: str) -> None:
        """Keep a turn for follow-ups, if it came to its end: half an answer is none."""
        if draft.answer is not None and conversation == self.conversation:
            self.history.append(Turn(role="user", content=draft.question))
            self.history.append(Turn(role="assistant", content=draft.answer.text))
