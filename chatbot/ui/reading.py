"""A document as readable text: blocks of pieces, the sentences numbered as they are cited.

Pure: the stored text and its sentences in, plain values out. Every character of the text is in
exactly one piece, so nothing is hidden and a highlight covers exactly its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from chatbot.documents import PAGED_KINDS
from chatbot.types import Document, Sentence
from chatbot.ui.texts import Texts

_GAP = re.compile(r"\n[ \t]*\n")
_CELL_END = re.compile(r"(?:^| )\|(?: |$)")
_MOST_ROWS = 500
"""Rows of one table of the page; a longer one goes on in another below it, under its header."""

Piece = list[Any]
"""``[sentence index or None, text]``: lists, since there may be many thousands."""


def reading_view(document: Document, sentences: Sequence[Sentence], texts: Texts) -> dict[str, Any]:
    """Return a document for the source pane.

    Keys: ``id``, ``title``, ``source``, ``warnings``, ``paged`` (whether its pages may be shown as
    they look), ``starts`` (offset of each sentence) and ``blocks`` with ``kind`` (paragraph,
    heading, page, table) and ``pieces`` of ``[sentence, text]``; those of a table are its rows, and
    its ``header`` is the text of the row that names the columns, empty where none does.
    """
    return {
        "id": document.id,
        "title": document.title,
        "source": document.source if document.source != document.title else "",
        "warnings": list(document.warnings),
        "paged": document.kind in PAGED_KINDS,
        "starts": [sentence.start for sentence in sentences],
        "blocks": list(_with_tables(_blocks(document.text, sentences, texts))),
    }


def _blocks(source: str, sentences: Sequence[Sentence], texts: Texts) -> Iterator[dict[str, Any]]:
    pieces: list[Piece] = []
    at = 0
    before: Sentence | None = None
    for sentence in sentences:
        if before is not None and sentence.paragraph != before.paragraph:
            yield _block(pieces, before)
            pieces = []
        if sentence.page is not None and (before is None or before.page != sentence.page):
            yield {"kind": "page", "pieces": [[None, texts.text("page", page=sentence.page)]]}
        between = source[at : sentence.start]
        if not pieces:
            above, line_end, between = between.rpartition("\n")
            yield from _loose(above + line_end, sentence)
        if between:
            pieces.append([None, between])
        pieces.append([sentence.index, sentence.text])
        at, before = sentence.end, sentence
    if before is not None:
        yield _block(pieces, before)
    yield from _loose(source[at:], None)


def _block(pieces: list[Piece], last: Sentence) -> dict[str, Any]:
    if len(pieces) == 1 and (last.header or _CELL_END.search(last.text)):
        return {"kind": "row", "pieces": pieces, "header": last.header or ""}
    is_heading = len(pieces) == 1 and last.is_heading
    return {"kind": "heading" if is_heading else "paragraph", "pieces": pieces}


def _with_tables(blocks: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Put the rows that follow each other under one header, or in as many cells, into tables."""
    tables = 0

    def table(block: dict[str, Any]) -> tuple[int, str, int] | None:
        nonlocal tables
        if block["kind"] != "row":
            return None
        row, header = block["pieces"][0][1], block["header"]
        tables += row == header
        return tables, header, 0 if header else len(_CELL_END.findall(row))

    for key, group in groupby(blocks, table):
        rows = list(group)
        if key is None:
            yield from rows
        elif len(rows) == 1 and not key[1]:
            yield {"kind": "paragraph", "pieces": rows[0]["pieces"]}
        else:
            pieces = [block["pieces"][0] for block in rows]
            for first in range(0, len(pieces), _MOST_ROWS):
                part = pieces[first : first + _MOST_ROWS]
                yield {"kind": "table", "header": key[1], "pieces": part}


def _loose(between: str, following: Sentence | None) -> Iterator[dict[str, Any]]:
    """Yield what stands between two paragraphs and is no sentence: a heading, a rule, a bullet."""
    for passage in _GAP.split(between):
        words = passage.strip()
        if words:
            heading = following is not None and words.lstrip("# \t") == following.heading
            kind = "heading" if heading else "paragraph"
            yield {"kind": kind, "pieces": [[None, words]]}
