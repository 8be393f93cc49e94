"""Text that stands raised, lowered, struck out or in a formula, as plain characters.

A raised figure must not run into the figure before it: 10 to the sixth is no 106. So figures become
the superscripts and subscripts of Unicode, and anything else is set off by ``^`` or ``_``. Formulas
(MathML, and OMML of Word) become one line of text. Knows no file format beyond these two.
"""

from __future__ import annotations

from lxml.etree import _Element  # type: ignore[import-untyped]

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_ORDINAL_LETTERS = 3
"""Letters behind a figure ("2nd", "1er") that belong to it on the line, too."""
_DEEPEST = 60

STRUCK = "[struck out] "
"""Stands before a paragraph or cell of which all is struck out."""


def raised(text: str, before: str) -> str:
    """Return superscript text as it is written behind ``before``."""
    text = text.strip()
    if not text or (text[0] in "[(" and any(char.isalnum() for char in text[1:])):
        return text  # "[1]" is set off already
    if all(ord(char) in _RAISED or char in " ," for char in text):
        return text.translate(_RAISED)
    if text.isalpha() and len(text) <= _ORDINAL_LETTERS and before[-1:].isdigit():
        return text
    if not any(char.isalnum() for char in text):
        return text  # "*", "®"
    return f"^{text}" if len(text) == 1 else f"^({text})"


def lowered(text: str, before: str) -> str:
    """Return subscript text as it is written behind ``before``."""
    text = text.strip()
    if all(ord(char) in _LOWERED for char in text):
        return text.translate(_LOWERED)
    return f"_{text}" if before[-1:].strip() else text


def formula(element: _Element, depth: int = 0) -> str:
    """Return a MathML or OMML element as one line of text."""
    if depth > _DEEPEST or not isinstance(element.tag, str):
        return ""
    tag = element.tag.rpartition("}")[2]
    if tag in ("annotation", "annotation-xml") or tag.endswith("Pr"):
        return ""
    if tag in ("mi", "mn", "mo", "mtext", "ms", "t"):
        text = " ".join("".join(element.itertext()).split())
        return f" {text} " if tag == "mo" and text in "=≤≥<>≠≈→±" else text
    parts = (formula(child, depth + 1) for child in element)
    return _composed(tag, [part for part in parts if part.strip()], element)


def _composed(tag: str, kept: list[str], element: _Element) -> str:
    """Join the parts of a formula by what stands above, below or under the root."""
    if tag in ("mfrac", "f") and len(kept) == 2:
        return f"{_grouped(kept[0])}/{_grouped(kept[1])}"
    if tag in ("msup", "sSup", "mover") and len(kept) == 2:
        return kept[0] + raised(kept[1], kept[0])
    if tag in ("msub", "sSub", "munder") and len(kept) == 2:
        return kept[0] + lowered(kept[1], kept[0])
    if tag in ("msubsup", "sSubSup", "munderover") and len(kept) == 3:
        return kept[0] + lowered(kept[1], kept[0]) + raised(kept[2], kept[0])
    if tag in ("msqrt", "rad"):
        return f"√({''.join(kept)})"
    if tag == "d":
        return f"({', '.join(kept)})"
    if tag == "nary":
        sign = next((child.values()[0] for child in element.iter("{*}chr")), "∫")
        return f"{sign}({', '.join(kept)})"
    return ("; " if tag in ("mtable", "m", "eqArr") else "").join(kept)


def _grouped(part: str) -> str:
    part = part.strip()
    return part if part.isalnum() else f"({part})"
