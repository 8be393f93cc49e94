"""Export as one web page that needs nothing else: read in any browser, printed, sent along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from chatbot.types import Answer, SavedTurn, SharedConversation
from chatbot.ui.answer_text import render_blocks
from chatbot.ui.draft import drafted
from chatbot.ui.places import place
from chatbot.ui.summary import summary
from chatbot.ui.texts import Texts, accepted_texts

_LISTS = {"bullet": "ul", "number": "ol", "header": "table", "row": "table"}
_TAGS = {"paragraph": "p", "heading": "h3", "code": "pre", "bullet": "li", "number": "li"}
SIGNS = {
    "quoted": "”",
    "supported": "✓",
    "computed": "∑",
    "catalogue": "≡",
    "partly": "◐",
    "unsupported": "✗",
    "contradicted": "≠",
    "unchecked": "?",
}


def to_html(
    title: str, turns: Sequence[SavedTurn], texts: Texts, *, alone: bool = False, intro: str = ""
) -> str:
    """Return the page, which nobody's search engine is to keep."""
    sections = [_section(turn, texts) for turn in turns]
    page = {"title": title, "intro": intro, "alone": alone, "sections": sections, "texts": texts}
    return _template().render(page, place=place, signs=SIGNS, tags=_TAGS)


def shared_page(shared: SharedConversation | None, accept_language: str) -> str:
    """Return the page of what a link shows; None is a link that does not work any more.

    Of a source it shows the title alone: whoever has the link need not know where on somebody's
    disk a file lies.
    """
    texts = accepted_texts(accept_language)
    if shared is None:
        return to_html(texts.text("shared_ended"), [], texts, intro=texts.text("shared_ended_why"))
    turns = [replace(turn, answer=_without_paths(turn.answer)) for turn in shared.turns]
    days = {"made": shared.created[:10], "ends": shared.expires[:10]}
    return to_html(shared.title, turns, texts, intro=texts.text("shared_intro", **days))


def asked_and_answered(turn: SavedTurn, texts: Texts) -> tuple[str, str]:
    """Return when a question was asked, and who or what answered it."""
    mode = turn.answer.mode
    name = texts.text("mode_extractive") if mode == "extractive" else mode
    return f"{turn.asked[:16].replace('T', ' ')} UTC", name


def _without_paths(answer: Answer) -> Answer:
    cited = tuple(replace(one, source=one.title) for one in answer.citations)
    return replace(answer, citations=cited)


@cache
def _template() -> Template:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return pages.get_template("web_page.html.jinja")


def _section(turn: SavedTurn, texts: Texts) -> Mapping[str, Any]:
    blocks = groupby(render_blocks(drafted(turn), texts), key=lambda one: _LISTS.get(one["kind"]))
    return {
        "question": turn.question,
        "answer": turn.answer,
        "facts": " · ".join(asked_and_answered(turn, texts)),
        "blocks": [(kind, list(members)) for kind, members in blocks],
        "summary": None if turn.answer.refused else summary(turn.answer, texts),
    }
