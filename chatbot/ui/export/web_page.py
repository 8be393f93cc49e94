"""Export as one web page that needs nothing else: read in any browser, printed, sent along.

Every word of a question, a document or a model is escaped where it is put in, and the page forbids
itself to load or run anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from chatbot.types import Answer, Citation, SavedTurn, SharedConversation
from chatbot.ui.answer_text import render_blocks
from chatbot.ui.draft import drafted
from chatbot.ui.places import place
from chatbot.ui.summary import summary
from chatbot.ui.texts import Texts, accepted_texts

_STYLE = Path(__file__).with_name("web_page.css")
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
    title: str, turns: Sequence[SavedTurn], texts: Texts, *, alone: bool, intro: str = ""
) -> str:
    """Return the page."""
    sections = [
        _section(turn, number, texts, with_question=not alone)
        for number, turn in enumerate(turns, start=1)
    ]
    note = escape(texts.text("export_note"))
    return whole_page(title, [*sections, f"<footer>{note}</footer>"], texts, intro=intro)


def whole_page(title: str, parts: Sequence[str], texts: Texts, *, intro: str = "") -> str:
    """Return a page of these elements, which nobody's search engine is to keep."""
    below = [f'<p class="facts">{escape(intro)}</p>'] if intro else []
    body = "\n".join([f"<h1>{escape(title)}</h1>", *below, *parts])
    return (
        f'<!doctype html>\n<html lang="{escape(texts.language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def shared_page(shared: SharedConversation | None, accept_language: str) -> str:
    """Return the page of what a link shows; None is a link that does not work any more.

    Of a source it shows the title alone: whoever has the link need not know where on somebody's
    disk a file lies.
    """
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


@cache
def _style() -> str:
    return _STYLE.read_text(encoding="utf-8")


def _section(turn: SavedTurn, number: int, texts: Texts, *, with_question: bool) -> str:
    answer = turn.answer
    lines = [f'<section id="q{number}">']
    if with_question:
        lines.append(f"<h2>{escape(turn.question)}</h2>")
    lines.append(f'<p class="facts">{escape(_facts(turn, texts))}</p>')
    if answer.refused:
        lines.append(f'<p class="refused">{escape(texts.text("refusal_title"))}</p>')
    lines += _blocks(render_blocks(drafted(turn), texts), number)
    if answer.notice:
        lines.append(f'<p class="notice">{escape(answer.notice)}</p>')
    outcome = None if answer.refused else summary(answer, texts)
    if outcome is not None:
        lines.append(f'<p class="summary {outcome["level"]}">{escape(outcome["text"])}</p>')
    lines += _sources(answer, number, texts)
    return "\n".join([*lines, "</section>"])


def _facts(turn: SavedTurn, texts: Texts) -> str:
    mode = turn.answer.mode
    name = texts.text("mode_extractive") if mode == "extractive" else mode
    return f"{turn.asked[:16].replace('T', ' ')} UTC · {name}"


def _blocks(blocks: Sequence[Mapping[str, Any]], number: int) -> Iterator[str]:
    """Yield the elements of an answer; items and rows that follow one another stand together."""
    for kind, members in groupby(blocks, key=lambda block: _LISTS.get(block["kind"])):
        elements = [_block(block, number) for block in members]
        yield f"<{kind}>{''.join(elements)}</{kind}>" if kind else "\n".join(elements)


def _block(block: Mapping[str, Any], number: int) -> str:
    if "cells" in block:
        tag = "th" if block["kind"] == "header" else "td"
        cells = (f"<{tag}>{_parts(cell['parts'], number)}</{tag}>" for cell in block["cells"])
        return f"<tr>{''.join(cells)}</tr>"
    tag = _TAGS[block["kind"]]
    return f"<{tag}>{_parts(block['parts'], number)}</{tag}>"


def _parts(parts: Sequence[Mapping[str, Any]], number: int) -> str:
    return "".join(_part(part, number) for part in parts)


def _part(part: Mapping[str, Any], number: int) -> str:
    if part["kind"] == "verdict":
        words, verdict = escape(part["title"]), part["verdict"]
        return f' <span class="verdict {verdict}" title="{words}">{SIGNS[verdict]}</span>'
    if part["kind"] == "marker":
        marker = int(part["marker"])
        if part["state"] not in ("cited", "found"):
            return f"<sup><del>[{marker}]</del></sup>"
        return f'<sup><a href="#q{number}s{marker}">[{marker}]</a></sup>'
    words = escape(part["text"])
    for style, tag in (("code", "code"), ("strong", "strong")):
        words = f"<{tag}>{words}</{tag}>" if style in part["style"] else words
    return f'<span class="{part["verdict"]}">{words}</span>' if part["verdict"] else words


def _sources(answer: Answer, number: int, texts: Texts) -> Iterator[str]:
    if not answer.citations:
        return
    items = "".join(_source(citation, number, texts) for citation in answer.citations)
    yield f'<ol class="sources">{items}</ol>'


def _source(citation: Citation, number: int, texts: Texts) -> str:
    origin = "" if citation.source == citation.title else f" · {citation.source}"
    where = texts.text("export_place", start=citation.start, end=citation.end)
    return (
        f'<li id="q{number}s{citation.marker}" value="{citation.marker}">'
        f"<q>{escape(citation.text)}</q> "
        f"<cite>{escape(place(citation, texts) + origin)}</cite> "
        f'<small title="{escape(citation.document_id)}">{escape(where)}</small></li>'
    )
