"""Reads html pages: ``html_walk`` writes down what a visitor sees, ``html_main`` picks the text.

Nothing is fetched: neither lxml nor trafilatura opens a connection for a page it is handed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from lxml import etree  # type: ignore[import-untyped]

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.cleaning import counted
from chatbot.documents.loaders.html_main import main_pieces
from chatbot.documents.loaders.html_walk import Piece, walk_page
from chatbot.errors import UnreadableFile

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"<\?xml[^>]{0,200}encoding=[\"']([\w.:-]+)", re.IGNORECASE)
_FACTS = {
    "author": "Author",
    "article:author": "Author",
    "dc.creator": "Author",
    "date": "Date",
    "dc.date": "Date",
    "dcterms.date": "Date",
    "article:published_time": "Date",
    "version": "Version",
}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_html(data: bytes, *, name: str) -> Content:
    """Return the content of an html page."""
    builder = ContentBuilder(name)
    markup = _decoded(data, builder)
    page = _parsed(markup, name=name)
    pieces = walk_page(page, builder.left_out)
    main = main_pieces(pieces, markup)
    builder.add_facts(_facts(page))
    _write(main, builder)
    kept = {id(piece) for piece in main}
    if words := sum(len(piece.text.split()) for piece in pieces if id(piece) not in kept):
        where = "not part of the main text (menus, links)"
        builder.warnings.append(f"{counted(words, 'word')} left out as {where}.")
    title = _best_title(pieces, " ".join(page.findtext(".//title", "").split()))
    return builder.build(title=title or builder.first_heading)


def write_html(data: bytes, builder: ContentBuilder) -> None:
    """Append a whole page, without a choice of its main text."""
    write_markup(_decoded(data, builder), builder)


def write_markup(markup: str, builder: ContentBuilder) -> None:
    """Append all that a visitor of a page sees."""
    _write(walk_page(_parsed(markup, name=builder.name), builder.left_out), builder)


def _decoded(data: bytes, builder: ContentBuilder) -> str:
    declared = _CHARSET.search(data, 0, 4096) or _XML_CHARSET.search(data, 0, 4096)
    name = declared[1].decode("ascii", "replace") if declared else ""
    return _DECLARATION.sub("", builder.decoded(data, declared=name).replace("\x00", ""))


def _parsed(markup: str, *, name: str) -> etree._Element:
    parser = etree.HTMLParser(huge_tree=True, no_network=True, remove_comments=True)
    try:
        page: etree._Element | None = etree.fromstring(markup, parser=parser)
    except etree.XMLSyntaxError:
        page = None
    if page is None:
        raise UnreadableFile(f"{name} contains no HTML page.")
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        # The parser stops there without an error, and the rest of the page would be missing.
        raise UnreadableFile(f"{name} cannot be read: it has more than 2,000 nested elements.")
    return page


def _facts(page: etree._Element) -> dict[str, str]:
    """Return what the head of the page says of it."""
    found: dict[str, str] = {}
    for meta in page.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        if name in _FACTS:
            found.setdefault(_FACTS[name], meta.get("content") or "")
    return found


def _best_title(pieces: Sequence[Piece], title: str) -> str:
    """Return the headline: the <h1> with which <title> begins, else the first, else <title>."""
    headlines = [piece.text for piece in pieces if piece.level == 1]
    matching = (headline for headline in headlines if title.startswith(headline))
    return next(matching, headlines[0] if headlines else title)


def _write(pieces: Sequence[Piece], builder: ContentBuilder) -> None:
    tight = False
    for table, group in groupby(pieces, key=lambda piece: piece.table):
        rows = list(group)
        if table:
            builder.add_table([row.cells for row in rows], has_header=rows[0].names_columns)
            tight = False
            continue
        for piece in rows:
            if piece.level:
                builder.add_heading(piece.text)
            else:
                close = tight and piece.tight
                builder.add(piece.number + piece.text, whole=piece.whole, close=close)
            tight = piece.tight
