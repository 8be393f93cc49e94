"""The page that a link to a conversation opens: the export as a web page, for others to read.

Pure. Of a source it shows the title alone: whoever has the link need not know where on somebody's
disk a file lies.
"""

from __future__ import annotations

from dataclasses import replace

from chatbot.types import Answer, SharedConversation
from chatbot.ui.export.web_page import to_html, whole_page
from chatbot.ui.texts import accepted_texts


def shared_page(shared: SharedConversation | None, accept_language: str) -> str:
    """Return the page of what a link shows; None is a link that does not work any more."""
    texts = accepted_texts(accept_language)
    if shared is None:
        ended = texts.text("shared_ended")
        return whole_page(ended, [], texts, intro=texts.text("shared_ended_why"))
    turns = [replace(turn, answer=_without_paths(turn.answer)) for turn in shared.turns]
    days = {"made": shared.created[:10], "ends": shared.expires[:10]}
    return to_html(
        shared.title, turns, texts, alone=False, intro=texts.text("shared_intro", **days)
    )


def _without_paths(answer: Answer) -> Answer:
    cited = tuple(replace(one, source=one.title) for one in answer.citations)
    return replace(answer, citations=cited)
