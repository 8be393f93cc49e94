"""The text of a Word paragraph: its runs with formulas, symbols, raised and struck-out text.

Deleted revisions, hidden text and field codes are no text. What cannot be written as text is
counted. Knows the XML of a paragraph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

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


def paragraphs(parent: Element) -> Iterator[Element]:
    """Yield the paragraphs at any depth of an element that a reader sees."""
    for paragraph in parent.iter(f"{W}p"):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            yield paragraph


class Paragraphs:
    """Reads the paragraphs of one document, one after the other."""

    def __init__(self, left_out: Counter[str]) -> None:
        self._left_out = left_out
        self.notes: dict[tuple[str, str], int] = {}
        """The number of each note by its kind and id, in the order of the marks."""
        self.boxes: list[Element] = []
        """The text boxes in the last paragraph, whose text is none of it."""
        self._parts: list[str] = []
        self._struck: list[str] = []

    def read(self, paragraph: Element) -> str:
        """Return the text of a paragraph."""
        self.boxes, self._parts, self._struck = [], [], []
        for piece in self._pieces(paragraph):
            self._parts.append(piece)
        text = "".join(self._parts)
        struck = " ".join("".join(self._struck).split())
        if struck and not text.strip():
            return STRUCK + struck
        self._left_out["struck-through passage"] += bool(struck)
        return text

    def _pieces(self, element: Element) -> Iterator[str]:
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
                self.boxes.append(child)
            elif child.tag in _DELETED:
                self._left_out["deleted passage"] += 1
            elif child.tag not in _IGNORED and isinstance(child.tag, str):
                yield from self._other(child)

    def _run(self, run: Element) -> Iterator[str]:
        if _is_on(run, f"rPr/{W}vanish"):  # no reader sees it, so nothing may rest on it
            self._left_out["hidden passage"] += run.find(f"{W}t") is not None
            return
        text = "".join(self._pieces(run))
        shift = run.find(f"{W}rPr/{W}vertAlign")
        kind = "" if shift is None else shift.get(f"{W}val", "")
        struck = _is_on(run, f"rPr/{W}strike") or _is_on(run, f"rPr/{W}dstrike")
        if text.strip() and struck:
            self._struck.append(text)
        elif kind == "superscript":
            yield raised(text, "".join(self._parts[-1:]))
        elif kind == "subscript":
            yield lowered(text, "".join(self._parts[-1:]))
        else:
            yield text

    def _other(self, child: Element) -> Iterator[str]:
        name = child.tag.rpartition("}")[2]
        if child.tag == f"{W}sym":
            yield self._symbol(child)
        elif child.tag in _NOTES:
            key = (_NOTES[child.tag], child.get(f"{W}id", ""))
            yield raised(str(self.notes.setdefault(key, len(self.notes) + 1)), "")
        elif child.tag == f"{W}checkBox":
            yield "[x]" if _is_on(child, "checked", "default") else "[ ]"
        else:
            if name in _DRAWN:
                self._left_out[_DRAWN[name]] += 1
            yield from self._pieces(child)

    def _symbol(self, symbol: Element) -> str:
        """Return a letter of a symbol font as the character that it shows."""
        font = symbol.get(f"{W}font", "")
        code = int(symbol.get(f"{W}char", "0"), 16)
        char = chr(code - 0xF000 if code >= 0xF000 else code)
        known = {"Symbol": _SYMBOL, "Wingdings": _WINGDINGS}.get(font)
        if known is None and code < 0xE000:
            return char
        shown = (known or {}).get(char, "")
        self._left_out["symbol"] += not shown
        return shown


def _is_on(element: Element, *paths: str) -> bool:
    """Say whether the first of these parts that an element has is switched on."""
    found = (element.find(f"{W}{path}") for path in paths)
    switch = next((one for one in found if one is not None), None)
    return switch is not None and switch.get(f"{W}val", "1") not in ("0", "false", "off")
