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
from chatbot.ui.texts import TEXTS, counted, text

View = dict[str, Any]
"""JSON for the page."""

LABEL_CHARS = 120
MAX_CLOSEST = 3
SHOWN_QUESTION_CHARS = 4000


def turn_view(draft: Draft) -> View:
    """Return one turn for the page.

    Keys: ``id``, ``question``, ``state``, ``status``, ``searched``, ``notice``, ``refused``,
    ``error``, ``blocks``, ``summary``, ``citations``, ``closest``, ``said`` (for screen readers).
    """
    answer = draft.answer
    refused = answer is not None and answer.refused
    outcome = None if answer is None or refused else summary(answer)
    return {
        "id": draft.id,
        "question": draft.question[:SHOWN_QUESTION_CHARS],
        "state": draft.state,
        "status": _status(draft),
        "searched": _searched(answer),
        "notice": _notice(draft),
        "refused": refused,
        "error": draft.error,
        "blocks": render_blocks(draft),
        "summary": outcome,
        "citations": [citation_view(item) for item in draft.citations.values()],
        "closest": _closest(answer),
        "said": _said(answer, outcome),
    }


def citation_view(citation: Citation) -> View:
    """Return what a marker points to, with its name for screen readers."""
    return {
        "marker": citation.marker,
        "document": citation.document_id,
        "sentence": citation.sentence_index,
        "start": citation.start,
        "text": citation.text,
        "place": _place(citation),
        "label": text("marker_label", marker=citation.marker, text=shortened(citation.text)),
    }


def closest_view(passage: RetrievedSentence) -> View:
    """Return a passage that was read but answers nothing."""
    return {
        "document": passage.document_id,
        "sentence": passage.index,
        "text": passage.text,
        "place": _place(passage),
        "label": text("closest_label", title=passage.title, text=shortened(passage.text)),
    }


def document_view(document: Document) -> View:
    """Return one row of the list of documents."""
    facts = [document.kind, counted("sentences", document.sentence_count), document.added[:10]]
    return {
        "id": document.id,
        "title": document.title,
        "facts": " · ".join(fact for fact in facts if fact),
        "source": document.source if document.source != document.title else "",
        "warnings": list(document.warnings),
        "read_label": text("read_label", title=document.title),
        "remove_label": text("remove_label", title=document.title),
    }


def mode_view(mode: str) -> View:
    """Return the badge that says who answers, and the words behind it."""
    if mode == "extractive":
        return {
            "name": TEXTS["mode_extractive"],
            "title": TEXTS["mode_extractive_title"],
            "body": TEXTS["mode_extractive_body"],
            "hint": TEXTS["mode_extractive_hint"],
            "code": TEXTS["mode_extractive_code"],
        }
    name = mode.partition(":")[2] or mode
    title = text("mode_model_title", model=name)
    return {"name": name, "title": title, "body": TEXTS["mode_model_body"], "hint": "", "code": ""}


def shortened(words: str, limit: int = LABEL_CHARS) -> str:
    """Return the text, cut at a word and marked with … where it is longer than ``limit``."""
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _status(draft: Draft) -> str:
    match draft.state:
        case "waiting":
            return TEXTS["state_waiting"]
        case "streaming":
            return TEXTS["state_streaming"]
        case "stopped":
            return TEXTS["state_stopped" if draft.text else "state_stopped_empty"]
        case _:
            return ""


def _searched(answer: Answer | None) -> str:
    """Return the search query where it is not simply the question."""
    if answer is None or _plain(answer.search_query) in ("", _plain(answer.question)):
        return ""
    return text("searched", query=answer.search_query)


def _plain(query: str) -> str:
    return " ".join(query.split()).rstrip("?.! ").casefold()


def _notice(draft: Draft) -> str:
    if draft.answer is not None and draft.answer.notice:
        return draft.answer.notice
    return text("restarted", reason=draft.restarted) if draft.restarted else ""


def _closest(answer: Answer | None) -> list[View]:
    """Return the closest passages under a refusal, with their places where these differ."""
    if answer is None or not answer.refused:
        return []
    views = [closest_view(item) for item in answer.retrieved[:MAX_CLOSEST]]
    if len({view["place"] for view in views}) == 1:
        return [view | {"place": ""} for view in views]
    return views


def _place(item: Citation | RetrievedSentence) -> str:
    """Return where it stands: title, heading, page."""
    page = "" if item.page is None else text("page", page=item.page)
    heading = item.heading if item.heading != item.title else None
    return " · ".join(part for part in (item.title, heading, page) if part)


def _said(answer: Answer | None, outcome: View | None) -> str:
    if answer is None:
        return ""
    return text("said_done", text=answer.text, summary=outcome["text"] if outcome else "").strip()
