"""Reads Jupyter notebooks: text, code and what the code printed, in the order of the cells."""

from __future__ import annotations

import json
from typing import Any

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.loaders.markdown import write_markdown


def read_notebook(data: bytes, *, name: str) -> Content:
    """Return the content of a notebook of the formats 3 and 4."""
    builder = ContentBuilder(name)
    book: dict[str, Any] = json.loads(builder.decoded(data))
    sheets = book.get("worksheets", [])
    cells = book["cells"] if not sheets else [c for sheet in sheets for c in sheet["cells"]]
    for cell in cells:
        _write(cell, builder)
    title = book.get("metadata", {}).get("title") or builder.first_heading
    return builder.build(title=str(title))


def _write(cell: dict[str, Any], builder: ContentBuilder) -> None:
    text = builder.cleaner.clean(_joined(cell.get("source", cell.get("input", ""))))
    if cell["cell_type"] == "markdown":
        write_markdown(text, builder)
        return
    if cell["cell_type"] == "heading":  # format 3
        builder.add_heading(text)
        return
    _write_lines(text, builder)
    for output in cell.get("outputs", []):
        shown = output.get("data", output)
        printed = _joined(shown.get("text/plain", output.get("text", "")))
        if any(kind.startswith("image/") or kind in ("png", "svg") for kind in shown):
            builder.left_out["picture"] += 1  # what stands beside it is the name of an object
        elif output.get("output_type") in ("error", "pyerr"):
            _write_lines(f"{output.get('ename', '')}: {output.get('evalue', '')}", builder)
        elif printed:
            _write_lines(builder.cleaner.clean(printed), builder)
        else:
            builder.left_out["drawn output"] += bool(output.get("data"))


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _write_lines(text: str, builder: ContentBuilder) -> None:
    builder.add_lines(text.split("\n"), whole=True)
