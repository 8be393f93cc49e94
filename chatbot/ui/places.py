"""Sentences of documents as the page shows them: cited, read, and where they stand.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chatbot.types import Answer, Citation, RetrievedSentence
from chatbot.ui.texts import Texts

View = dict[str, Any]
"""JSON for the page."""

LABEL_CHARS = 120
MAX_CLOSEST = 3


def citation_view(citation: Citation, texts: Texts) -> View:
    """Return what a marker points to, with its name for screen readers."""
    label = texts.text("marker_label", marker=citation.marker, text=shortened(citation.text))
    return {
        "marker": citation.marker,
        "document": citation.document_id,
        "title": citation.title,
        "sentence": citation.sentence_index,
        "start": citation.start,
        "text": citation.text,
        "place": place(citation, texts),
        "label": label,
    }


def closest_views(answer: Answer | None, texts: Texts) -> list[View]:
    """Return the closest passages under a refusal, with their places where these differ."""
    if answer is None or not answer.refused:
        return []
    return _passages(answer.retrieved[:MAX_CLOSEST], "closest_label", texts)


def also_read_views(answer: Answer | None, texts: Texts) -> list[View]:
    """Return what was read for an answer and is not cited in it, best first."""
    if answer is None or answer.refused:
        return []
    cited = {(one.document_id, one.sentence_index) for one in answer.citations}
    rest = [one for one in answer.retrieved if (one.document_id, one.index) not in cited]
    return _passages(rest, "also_read_label", texts)


def place(item: Citation | RetrievedSentence, texts: Texts) -> str:
    """Return where a sentence stands: title, heading, page."""
    page = "" if item.page is None else texts.text("page", page=item.page)
    heading = item.heading if item.heading != item.title else None
    header = "" if item.header in (None, item.text) else item.header
    columns = texts.text("columns", columns=header) if header else ""
    return " · ".join(part for part in (item.title, heading, page, columns) if part)


def shortened(words: str, limit: int = LABEL_CHARS) -> str:
    """Return the text, cut at a word and marked with … where it is longer than ``limit``."""
    if len(words) <= limit:
        return words
    return words[:limit].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _passages(passages: Sequence[RetrievedSentence], label: str, texts: Texts) -> list[View]:
    views = [
        {
            "document": passage.document_id,
            "sentence": passage.index,
            "text": passage.text,
            "place": place(passage, texts),
            "label": texts.text(label, title=passage.title, text=shortened(passage.text)),
        }
        for passage in passages
    ]
    if len({view["place"] for view in views}) == 1:
        return [view | {"place": ""} for view in views]
    return views
