"""The numbers that Word writes before list items and headings: they stand in no paragraph.

A paragraph, or its style, names a list and a level in it; the list says how each level counts and
how its number is written. Knows the XML of numbering.xml and styles.xml.
"""

from __future__ import annotations

import re
from collections import defaultdict

from chatbot.documents.loaders.archive import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_PLACE = re.compile(r"%([1-9])")
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "m cm d cd c xc l xl x ix v iv i".split(),
        strict=True,
    )
)
_DEEPEST = 20
_MOST = 4_000
"""No list counts further in Roman figures."""


class Numbers:
    """Counts the items of all lists of a document, in the order in which they are asked for."""

    def __init__(self, styles: Element, numbering: Element | None) -> None:
        self._styles = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
        self._levels: dict[str, dict[int, Element]] = {}
        self._kinds: dict[str, str] = {}
        self._starts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        """Where lists that were not begun count from, by level, if not as their kind says."""
        self._counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
        for kind in () if numbering is None else numbering.iter(f"{W}abstractNum"):
            levels = {_number(level, "ilvl"): level for level in kind.iter(f"{W}lvl")}
            self._levels[kind.get(f"{W}abstractNumId")] = levels
        for item in () if numbering is None else numbering.iter(f"{W}num"):
            key = item.get(f"{W}numId")
            self._kinds[key] = _text(item, "abstractNumId")
            for override in item.iter(f"{W}lvlOverride"):
                if (start := override.find(f"{W}startOverride")) is not None:
                    self._starts[key][_number(override, "ilvl")] = _number(start, "val")

    def prefix(self, paragraph: Element) -> str | None:
        """Return what stands before a paragraph: "3. ", "" for a bullet; None if it is no item."""
        place = self._place(paragraph)
        if place is None:
            return None
        key, depth = place
        kind = self._kinds.get(key, "")
        levels = self._levels.get(kind, {})
        if depth not in levels:
            return ""
        counts = self._counts[kind]
        counts |= {at: start - 1 for at, start in self._starts.pop(key, {}).items()}
        counts[depth] = counts.get(depth, _value(levels[depth], "start", 1) - 1) + 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        return self._written(levels[depth], levels, counts)

    def _written(self, level: Element, levels: dict[int, Element], counts: dict[int, int]) -> str:
        if _style(level) in ("bullet", "none"):
            return ""

        def figure(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if at not in levels:
                return _figure(counts.get(at, 1), "decimal")
            return _figure(counts.get(at, _value(levels[at], "start", 1)), _style(levels[at]))

        number = _PLACE.sub(figure, _text(level, "lvlText")).strip()
        return f"{number} " if number else ""

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        """Return the list and the level of a paragraph, from itself or from its styles."""
        properties = paragraph.find(f"{W}pPr")
        parent = None if properties is None else properties.find(f"{W}pStyle")
        key = ""
        depth: int | None = None
        for _ in range(_DEEPEST):
            if properties is not None and (found := properties.find(f"{W}numPr")) is not None:
                key = _text(found, "numId")
                if depth is None and found.find(f"{W}ilvl") is not None:
                    depth = _value(found, "ilvl", 0)
            style = None if parent is None else self._styles.get(parent.get(f"{W}val"))
            if key or style is None:
                break
            properties, parent = style.find(f"{W}pPr"), style.find(f"{W}basedOn")
        return None if key in ("", "0") else (key, depth or 0)


def _number(element: Element, name: str) -> int:
    value = element.get(f"{W}{name}", "0")
    return int(value) if value.isdecimal() else 0


def _value(element: Element, child: str, default: int) -> int:
    found = element.find(f"{W}{child}")
    return default if found is None else _number(found, "val")


def _text(element: Element, child: str) -> str:
    found = element.find(f"{W}{child}")
    return "" if found is None else str(found.get(f"{W}val", ""))


def _style(level: Element) -> str:
    return _text(level, "numFmt") or "decimal"


def _figure(count: int, style: str) -> str:
    if style.endswith("Letter") and count > 0:
        letters = chr(97 + (count - 1) % 26) * ((count - 1) // 26 % 9 + 1)
    elif style.endswith("Roman") and 0 < count < _MOST:
        letters = ""
        for value, sign in _ROMAN:
            letters += sign * (count // value)
            count %= value
    else:
        return f"{count:02}" if style == "decimalZero" else str(count)
    return letters.upper() if style.startswith("upper") else letters
