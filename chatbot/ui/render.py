"""A draft becomes what the page shows: plain JSON values with every word already chosen.

Pure, and no HTML at all: the page builds its nodes from these values and sets text as text, so
nothing that a document or a model wrote can become markup.
"""

from __future__ import annotations

from dataclasses import asdict

from chatbot.types import Answer, ReadingPrompt
from chatbot.ui.answer_text import claim_views, correction_views, render_blocks
from chatbot.ui.draft import TurnDraft
from chatbot.ui.footnotes import markdown_footnotes, plain_footnotes
from chatbot.ui.places import View, also_read_views, citation_view, closest_views
from chatbot.ui.summary import summary, usage_view
from chatbot.ui.texts import Texts

SHOWN_QUESTION_CHARS = 4000


def turn_view(draft: TurnDraft, texts: Texts) -> View:
    """Return one turn for the page.

    Keys: ``id``, ``question``, ``state``, ``status``, ``byline`` (who answers), ``searched``,
    ``notice``, ``refused``, ``error``, ``blocks``, ``claims``, ``summary``, ``citations``,
    ``closest``, ``also_read``, ``questions``, ``choices`` (what it asks back), ``usage``, ``copy``
    (texts to take along), ``corrections`` (what the sources say where a claim is not supported)
    and ``said`` (for screen readers).
    """
    answer = draft.answer
    refused = answer is not None and answer.refused
    outcome = None if answer is None or refused else summary(answer, texts)
    return {
        "id": draft.id,
        "question": draft.question[:SHOWN_QUESTION_CHARS],
        "state": draft.state,
        "status": _status(draft, texts),
        "byline": _byline(draft, texts),
        "searched": _searched(answer),
        "notice": _notice(draft, texts),
        "refused": refused,
        "error": draft.error,
        "blocks": render_blocks(draft, texts),
        "claims": claim_views(draft, texts),
        "summary": outcome,
        "corrections": correction_views(draft),
        "citations": [citation_view(item, texts) for item in draft.citations.values()],
        "closest": closest_views(answer, texts),
        "also_read": also_read_views(answer, texts),
        "questions": [] if answer is None else list(answer.suggestions),
        "choices": [] if answer is None else [asdict(one) for one in answer.choices],
        "usage": None if answer is None else usage_view(answer, texts),
        "copy": None if answer is None else _copies(answer, texts),
        "said": "" if answer is None else _said(answer, outcome, texts),
    }


def mode_view(mode: str) -> View:
    """Return who answers: ``name`` of the model, empty where answers are quoted."""
    return {"name": "" if mode == "extractive" else mode.partition(":")[2] or mode}


def _status(draft: TurnDraft, texts: Texts) -> str:
    match draft.state, draft.reading:
        case "waiting", None:
            return texts.text("state_waiting")
        case "waiting", ReadingPrompt(tokens=tokens, part=part, parts=parts):
            key = "state_reading" if parts == 1 else "state_part"
            return texts.text(key, tokens=f"{tokens:,}", part=part, parts=parts)
        case "streaming", _:
            return texts.text("state_streaming")
        case "stopped", _:
            return texts.text("state_stopped" if draft.text else "state_stopped_empty")
    return ""


def _byline(draft: TurnDraft, texts: Texts) -> str:
    answer = draft.answer
    if answer is not None and (answer.kind == "about" or answer.choices):
        return texts.text("by_about")
    if answer is not None and answer.kind == "catalogue":
        return texts.text("by_catalogue")
    model = mode_view(draft.mode)["name"]
    return texts.text("by_model", model=model) if model else texts.text("by_extractive")


def _searched(answer: Answer | None) -> str:
    """Return the search query where it is not simply the question."""
    if answer is None or _words(answer.search_query) in ("", _words(answer.question)):
        return ""
    return answer.search_query


def _words(query: str) -> str:
    return " ".join(query.split()).rstrip("?.! ").casefold()


def _notice(draft: TurnDraft, texts: Texts) -> str:
    if draft.answer is not None and draft.answer.notice:
        return draft.answer.notice
    return texts.text("restarted", reason=draft.restarted) if draft.restarted else ""


def _copies(answer: Answer, texts: Texts) -> View:
    return {"text": plain_footnotes(answer, texts), "markdown": markdown_footnotes(answer, texts)}


def _said(answer: Answer, outcome: View | None, texts: Texts) -> str:
    brief = outcome["text"] if outcome else ""
    return texts.text("said_done", text=answer.text, summary=brief).strip()
