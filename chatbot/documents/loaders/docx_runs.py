"""The text of a Word paragraph: its runs with formulas, symbols, raised and struck-out text.

Deleted revisions, hidden text and field codes are no text. What cannot be written as text is
counted. Knows the XML of a paragraph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from chatbot.documents.loaders.archive import Element
from chatbot.documents.loaders.docx_numbers import W
from chatbot.documents.loaders.marks import STRUCK, formula, lowered, raised

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What an old program shows instead of the element beside it."""
_IGNORED = frozenset({f"{W}instrText", f"{W}pPr", f"{W}rPr", _FALLBACK})
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_DRAWN = {
    "pic": "picture",
    "imagedata": "picture",
    "chart": "chart",
    "relIds": "diagram",
    "OLEObject": "embedded file",
    "altChunk": "embedded file",
}
_SYMBOL = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        "\xa3\xa5\xac\xae\xb0\xb1\xb3\xb4\xb7\xb8\xb9\xbb\xce\xd6\xe5\xf2",
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖαβχδεφγηιϕκλμνοπθρστυϖωξψζ≤∞←→°±≥×•÷≠≈∈√∑∫",
        strict=True,
    )
)
_WINGDINGS = {
    "\xfc": "✓",
    "\xfb": "✗",
    "\xfe": "[x]",
    "\xfd": "[x]",
    "\xa8": "[ ]",
    "\x6f": "[ ]",
    "\xe0": "→",
    "\xdf": "←",
}


@dataclass(slots=True)
class LeftOut:
    """What of a document is not in its text."""

    counts: Counter[str]
    notes: dict[tuple[str, str], int] = field(default_factory=dict)
    """The number of each note by its kind and id, in the order of the marks."""


def paragraph_text(paragraph: Element, boxes: list[Element], left_out: LeftOut) -> str:
    """Return the text of a paragraph; text boxes in it are put aside."""
    reader = _Reader(boxes, left_out)
    for piece in reader.pieces(paragraph):
        reader.parts.append(piece)
    text = "".join(reader.parts)
    struck = " ".join("".join(reader.struck).split())
    if struck and not text.strip():
        return STRUCK + struck
    left_out.counts["struck-through passage"] += bool(struck)
    return text


def paragraphs(parent: Element) -> Iterator[Element]:
    """Yield the paragraphs at any depth of an element that a reader sees."""
    for paragraph in parent.iter(f"{W}p"):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            yield paragraph


class _Reader:
    def __init__(self, boxes: list[Element], left_out: LeftOut) -> None:
        self.parts: list[str] = []
        self.struck: list[str] = []
        self._boxes = boxes
        self._left_out = left_out

    def pieces(self, element: Element) -> Iterator[str]:
        for child in element:
            if child.tag == f"{W}t":
                yield child.text or ""
            elif child.tag in _BREAKS:
                yield _BREAKS[child.tag]
            elif child.tag == f"{W}r":
                yield from self._run(child)
            elif child.tag == _MATH:
                yield formula(child)
            elif child.tag == f"{W}txbxContent":
                self._boxes.append(child)
            elif child.tag in _DELETED:
                self._left_out.counts["deleted passage"] += 1
            elif child.tag not in _IGNORED and isinstance(child.tag, str):
                yield from self._other(child)

    def _run(self, run: Element) -> Iterator[str]:
        if _is_on(run, "vanish"):  # no reader sees it, so nothing may rest on it
            self._left_out.counts["hidden passage"] += run.find(f"{W}t") is not None
            return
        text = "".join(self.pieces(run))
        shift = run.find(f"{W}rPr/{W}vertAlign")
        kind = "" if shift is None else shift.get(f"{W}val", "")
        if text.strip() and (_is_on(run, "strike") or _is_on(run, "dstrike")):
            self.struck.append(text)
        elif kind == "superscript":
            yield raised(text, "".join(self.parts[-1:]))
        elif kind == "subscript":
            yield lowered(text, "".join(self.parts[-1:]))
        else:
            yield text

    def _other(self, child: Element) -> Iterator[str]:
        name = child.tag.rpartition("}")[2]
        if child.tag == f"{W}sym":
            yield self._symbol(child)
        elif child.tag in _NOTES:
            key = (_NOTES[child.tag], child.get(f"{W}id", ""))
            yield raised(
                str(self._left_out.notes.setdefault(key, len(self._left_out.notes) + 1)), ""
            )
        elif child.tag == f"{W}checkBox":
            yield "[x]" if _is_checked(child) else "[ ]"
        else:
            if name in _DRAWN:
                self._left_out.counts[_DRAWN[name]] += 1
            yield from self.pieces(child)

    def _symbol(self, symbol: Element) -> str:
        """Return a letter of a symbol font as the character that it shows."""
        font = symbol.get(f"{W}font", "")
        code = int(symbol.get(f"{W}char", "0"), 16)
        char = chr(code - 0xF000 if code >= 0xF000 else code)
        known = {"Symbol": _SYMBOL, "Wingdings": _WINGDINGS}.get(font)
        if known is None and code < 0xE000:
            return char
        shown = (known or {}).get(char)
        if shown is None:
            self._left_out.counts["symbol"] += 1
        return shown or ""


def _is_on(run: Element, name: str) -> bool:
    found = run.find(f"{W}rPr/{W}{name}")
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")


def _is_checked(box: Element) -> bool:
    found = box.find(f"{W}checked")
    found = box.find(f"{W}default") if found is None else found
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")
