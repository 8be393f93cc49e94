"""Reads RTF files with striprtf; raised text and facts, which it does not know, are read here."""

from __future__ import annotations

import re
from itertools import groupby

from striprtf.striprtf import rtf_to_text

from chatbot.documents.blocks import Block, Content, ContentBuilder
from chatbot.documents.layout import plain_blocks
from chatbot.documents.loaders.marks import lowered, raised

_SHIFT = re.compile(rb"(\\(super|sub)(?![a-z0-9])(?:\\[a-z]+-?\d*)* ?)([^{}\\\r\n]{1,40})")
_STRUCK = re.compile(rb"\\striked?1?(?![a-z0-9])(?:\\[a-z]+-?\d*)* ?[^{}\\\r\n]{1,2000}")
_FACT = re.compile(rb"\{\\(author|title) ((?:[^{}\\]|\\'[0-9a-f]{2}){1,200})\}")
_ESCAPE = re.compile(rb"\\'([0-9a-f]{2})")
_LEFT_OUT = {
    "picture": re.compile(rb"\\pict\b"),
    "footnote": re.compile(rb"\\footnote\b"),
    "page header or footer": re.compile(rb"\{\\(?:header|footer)[lrf]?\b"),
    "comment": re.compile(rb"\\annotation\b"),
    "embedded object": re.compile(rb"\\object\b"),
}


def read_rtf(data: bytes, *, name: str) -> Content:
    """Return the content of an RTF file."""
    facts = {key.decode(): _plain(value) for key, value in _FACT.findall(data)}
    builder = ContentBuilder(name)
    for what, pattern in _LEFT_OUT.items():
        builder.left_out[what] = len(pattern.findall(data))
    data, builder.left_out["struck-through passage"] = _STRUCK.subn(b"", data)
    source = _SHIFT.sub(_shifted, data).decode("latin-1")
    text: str = rtf_to_text(source, errors="replace")  # type: ignore[no-untyped-call]
    builder.add_facts({"Author": facts.get("author", "")}, origin="file properties")
    _write(builder.cleaner.clean(text), builder)
    return builder.build(title=facts.get("title", ""))


def _plain(value: bytes) -> str:
    return _ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), value).decode(
        "cp1252", "replace"
    )


def _shifted(match: re.Match[bytes]) -> bytes:
    """Write raised and lowered figures as characters of their own; striprtf has no notion of it."""
    text = match[3].decode("latin-1")
    shift = raised if match[2] == b"super" else lowered
    escaped = "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in shift(text, "x"))
    return match[1] + escaped.encode("ascii")


def _write(text: str, builder: ContentBuilder) -> None:
    """Write paragraphs; striprtf ends each cell of a table with a bar."""

    def is_row(block: Block) -> bool:
        return block.whole and text[block.end - 1] == "|"

    for in_table, group in groupby(plain_blocks(text), key=is_row):
        lines = [text[block.start : block.end] for block in group]
        if in_table:
            builder.add_table([line[:-1].split("|") for line in lines])
        else:
            for line in lines:
                builder.add(line)
