"""Reads Jupyter notebooks: text, code and what the code printed, in the order of the cells."""

from __future__ import annotations

import json
from typing import Any

from chatbot.documents.blocks import BlockKind, Content, ContentBuilder
from chatbot.documents.encoding import decode
from chatbot.documents.loaders.damage import damage_of
from chatbot.documents.loaders.markdown import write_markdown


def read_notebook(data: bytes, *, name: str) -> Content:
    """Return the content of a notebook of the formats 3 and 4."""
    decoded = decode(data)
    builder = ContentBuilder()
    with damage_of(name, "read as a notebook"):
        book: dict[str, Any] = json.loads(decoded.text)
        sheets = book.get("worksheets", [])
        cells = book["cells"] if not sheets else [c for sheet in sheets for c in sheet["cells"]]
        for cell in cells:
            _write(cell, builder, name=name)
        metadata = book.get("metadata", {})
        title = str(metadata.get("title") or builder.first_heading)
    return builder.build(title=title, warnings=decoded.warnings)


def _write(cell: dict[str, Any], builder: ContentBuilder, *, name: str) -> None:
    text = builder.cleaner.clean(_joined(cell.get("source", cell.get("input", ""))))
    if cell["cell_type"] == "markdown":
        write_markdown(text, builder, name=name)
        return
    if cell["cell_type"] == "heading":  # format 3
        builder.add_heading(text)
        return
    _lines(text, builder)
    for output in cell.get("outputs", []):
        shown = output.get("data", output)
        text = _joined(shown.get("text/plain", output.get("text", "")))
        pictures = [kind for kind in shown if kind.startswith("image/") or kind in ("png", "svg")]
        if pictures:
            builder.left_out["picture"] += 1  # what stands beside it is the name of an object
        elif output.get("output_type") in ("error", "pyerr"):
            _lines(f"{output.get('ename', '')}: {output.get('evalue', '')}", builder)
        elif text:
            _lines(builder.cleaner.clean(text), builder)
        else:
            builder.left_out["drawn output"] += bool(output.get("data"))


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _lines(text: str, builder: ContentBuilder) -> None:
    close = False
    for line in text.split("\n"):
        added = builder.add(line.rstrip(), kind=BlockKind.WHOLE, close=close)
        close = close or added is not None
