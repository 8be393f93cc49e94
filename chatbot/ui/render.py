"""A draft becomes what the page shows: plain JSON values with every word already chosen.

Pure, and no HTML at all: the page builds its nodes from these values and sets text as text, so
nothing that a document or a model wrote can become markup. Used by ``handlers``.
"""

from __future__ import annotations

from typing import Any

from chatbot.types import Answer, Citation, Document, RetrievedSentence
from chatbot.ui.answer_text import render_blocks
from chatbot.ui.draft import Draft
from chatbot.ui.summary import summary
from chatbot.ui.texts import Texts

View = dict[str, Any]
"""JSON for the page."""

LABEL_CHARS = 120
MAX_CLOSEST = 3
SHOWN_QUESTION_CHARS = 4000


def turn_view(draft: Draft, texts: Texts) -> View:
    """Return one turn for the page.

    Keys: ``id``, ``question``, ``state``, ``status``, ``searched``, ``notice``, ``refused``,
    ``error``, ``blocks``, ``summary``, ``citations``, ``closest``, ``said`` (for screen readers).
    """
    answer = draft.answer
    refused = answer is not None and answer.refused
    outcome = None if answer is None or refused else summary(answer, texts)
    return {
        "id": draft.id,
        "question": draft.question[:SHOWN_QUESTION_CHARS],
        "state": draft.state,
        "status": _status(draft, texts),
        "searched": _searched(answer),
        "notice": _notice(draft, texts),
        "refused": refused,
        "error": draft.error,
        "blocks": render_blocks(draft, texts),
        "summary": outcome,
        "citations": [citation_view(item, texts) for item in draft.citations.values()],
        "closest": _closest(answer, texts),
        "said": _said(answer, outcome, texts),
    }


def citation_view(citation: Citation, texts: Texts) -> View:
    """Return what a marker points to, with its name for screen readers."""
    return {
        "marker": citation.marker,
        "document": citation.document_id,
        "sentence": citation.sentence_index,
        "start": citation.start,
        "text": citation.text,
        "place": _place(citation, texts),
        "label": texts.text("marker_label", marker=citation.marker, text=shortened(citation.text)),
    }


def closest_view(passage: RetrievedSentence, texts: Texts) -> View:
    """Return a passage that was read but answers nothing."""
    return {
        "document": passage.document_id,
        "sentence": passage.index,
        "text": passage.text,
        "place": _place(passage, texts),
        "label": texts.text("closest_label", title=passage.title, text=shortened(passage.text)),
    }


def document_view(document: Document, texts: Texts) -> View:
    """Return one row of the list of documents."""
    facts = [
        document.kind,
        texts.counted("sentences", document.sentence_count),
        document.added[:10],
    ]
    return {
        "id": document.id,
        "title": document.title,
        "facts": " · ".join(fact for fact in facts if fact),
        "source": document.source if document.source != document.title else "",
        "warnings": list(document.warnings),
        "read_label": texts.text("read_label", title=document.title),
        "remove_label": texts.text("remove_label", title=document.title),
    }


def mode_view(mode: str) -> View:
    """Return who answers: ``name`` of the model, empty where answers are quoted."""
    return {"name": "" if mode == "extractive" else mode.partition(":")[2] or mode}


def shortened(words: str, limit: int = LABEL_CHARS) -> str:
    """Return the text, cut at a word and marked with … where it is longer than ``limit``."""
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _status(draft: Draft, texts: Texts) -> str:
    match draft.state:
        case "waiting":
            return texts.text("state_waiting")
        case "streaming":
            return texts.text("state_streaming")
        case "stopped":
            return texts.text("state_stopped" if draft.text else "state_stopped_empty")
        case _:
            return ""


def _searched(answer: Answer | None) -> str:
    """Return the search query where it is not simply the question."""
    if answer is None or _words(answer.search_query) in ("", _words(answer.question)):
        return ""
    return answer.search_query


def _words(query: str) -> str:
    return " ".join(query.split()).rstrip("?.! ").casefold()


def _notice(draft: Draft, texts: Texts) -> str:
    if draft.answer is not None and draft.answer.notice:
        return draft.answer.notice
    return texts.text("restarted", reason=draft.restarted) if draft.restarted else ""


def _closest(answer: Answer | None, texts: Texts) -> list[View]:
    """Return the closest passages under a refusal, with their places where these differ."""
    if answer is None or not answer.refused:
        return []
    views = [closest_view(item, texts) for item in answer.retrieved[:MAX_CLOSEST]]
    if len({view["place"] for view in views}) == 1:
        return [view | {"place": ""} for view in views]
    return views


def _place(item: Citation | RetrievedSentence, texts: Texts) -> str:
    """Return where it stands: title, heading, page."""
    page = "" if item.page is None else texts.text("page", page=item.page)
    heading = item.heading if item.heading != item.title else None
    return " · ".join(part for part in (item.title, heading, page) if part)


def _said(answer: Answer | None, outcome: View | None, texts: Texts) -> str:
    if answer is None:
        return ""
    return texts.text(
        "said_done", text=answer.text, summary=outcome["text"] if outcome else ""
    ).strip()
