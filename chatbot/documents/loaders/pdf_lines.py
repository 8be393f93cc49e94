"""Makes paragraphs of the lines of pages, whatever read them.

Headers, footers and page numbers are left out, so that sentences run over page borders; words cut
at a line's end are joined; lines set larger or in bold on their own are headings; other lines
become paragraphs by the rules for wrapped text (``layout``). Knows no pdf.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from chatbot.documents.blocks import ContentBuilder
from chatbot.documents.layout import TextLine, group_lines
from chatbot.documents.loaders.page_lines import PageLine
from chatbot.models.model_files import common_words

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page\s+)?[-–—\s]*\d{1,4}[-–—\s]*(?:(?:of|/)\s*\d{1,4})?", re.I)
_CUT_WORD = re.compile(r"([^\W\d_]+)[-\u2010]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WIDE = re.compile(r"[\u3000-\u9fff\uf900-\ufaff\uff00-\uffef]")

_LONGEST_WORD = 60
_LONGEST_HEADING = 160
_LARGER = 1.12
_BOLD_SHARE = 0.4
"""If more of the text than this is set in bold, bold says nothing."""
_EDGE_LINES = 2
"""Lines at the top and at the bottom of a page that may be a header or a footer."""
_SEEN_OFTEN = 3
"""Pages on which a line has to stand to be taken for a header."""


def without_edges(pages: Sequence[list[PageLine]]) -> list[list[PageLine]]:
    """Return the lines of each page without headers, footers and page numbers.

    Such a line comes back on most pages, or on some with a number that counts the pages.
    """
    seen: defaultdict[str, set[tuple[int, int | None]]] = defaultdict(set)
    """The pages on which a line of a form stands, and how far its last number is from each."""
    for page, lines in enumerate(pages, 1):
        for n in _edge_positions(lines):
            numbers = _DIGITS.findall(lines[n].text[-200:])
            distance = int(numbers[-1][:9]) - page if numbers else None
            seen[_edge_key(lines[n].text)].add((page, distance))
    repeated = {key for key, places in seen.items() if _is_edge(places, len(pages))}
    kept = []
    for page, lines in enumerate(pages, 1):
        left_out = {
            n
            for n in _edge_positions(lines)
            if _edge_key(lines[n].text) in repeated or _is_page_number(lines[n].text, page)
        }
        rest = [line for n, line in enumerate(lines) if n not in left_out]
        filled = [n for n, line in enumerate(rest) if line.text or line.rows]
        # What set the header off from the text must not tear a sentence that runs over the border.
        kept.append(rest[filled[0] : filled[-1] + 1] if filled else [])
    return kept


def _is_edge(places: set[tuple[int, int | None]], pages: int) -> bool:
    count = len({page for page, _ in places})
    distances = {distance for _, distance in places}
    counting = len(distances) == 1 and None not in distances
    return count >= _SEEN_OFTEN and (count >= pages // 2 or counting)


def _edge_positions(lines: Sequence[PageLine]) -> list[int]:
    """Return where a header or footer may stand; a page of few lines has no more than one each."""
    filled = [n for n, line in enumerate(lines) if line.text]
    if len(filled) < 3:
        return []
    size = _EDGE_LINES if len(filled) > 3 * _EDGE_LINES else 1
    return filled[:size] + filled[-size:]


def _edge_key(line: str) -> str:
    return _DIGITS.sub("#", line)


def _is_page_number(line: str, page: int) -> bool:
    return _PAGE_NUMBER.fullmatch(line) is not None and str(page) in _DIGITS.findall(line)


def write_pages(pages: Sequence[list[PageLine]], builder: ContentBuilder) -> list[int]:
    """Write headings, tables and paragraphs; return the offset at which each page begins."""
    starts: dict[int, int] = {}
    items = [(page, line) for page, lines in enumerate(pages) for line in lines]
    known = Counter(word for _, line in items for word in _WORDS.findall(line.text))
    headings = _headings([line for _, line in items])
    lines: list[TextLine | None] = [
        TextLine(start=n, end=n, text=line.text, page=page)
        if line.text and n not in headings
        else None
        for n, (page, line) in enumerate(items)
    ]
    position = 0

    def write_others(end: int) -> None:
        for n in range(position, end):
            page, line = items[n]
            start = None
            if line.rows:
                start = builder.add_table(line.rows)
            elif n in headings:
                start = builder.add_heading(headings[n])
            if start is not None:
                starts.setdefault(page, start)

    for group in group_lines(lines, set_in_lines=True):
        write_others(group[0].start)
        position = group[-1].start + 1
        text, offsets = _join(group, known)
        start = builder.add(text)
        for line, offset in zip(group, offsets, strict=True):
            if start is not None:
                starts.setdefault(line.page, start + offset)
    write_others(len(items))
    # A page without text begins where the next one does.
    begins = [builder.length]
    for page in reversed(range(len(pages))):
        begins.append(starts.get(page, begins[-1]))
    return begins[:0:-1]


def _headings(lines: Sequence[PageLine]) -> dict[int, str]:
    """Return the lines that are headings, with their texts; "" for the second line of one.

    A heading is set larger than most of the text, or in bold on a line of its own.
    """
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.height] += len(line.text)
    body = max(sizes, key=lambda size: sizes[size], default=0.0)
    written = sum(sizes.values())
    bold = sum(len(line.text) for line in lines if line.bold) < _BOLD_SHARE * written
    found: dict[int, str] = {}
    first = -1
    for n, line in enumerate(lines):
        large = line.height > _LARGER * body and sizes[line.height] < written / 2
        if not line.text or not (large or (bold and line.bold)) or not _may_be_heading(line.text):
            continue
        if n - 1 in found and lines[n - 1].height == line.height and large:
            found[first] += f" {line.text}"
            found[n] = ""
        else:
            found[n] = line.text
            first = n
    return found


def _may_be_heading(text: str) -> bool:
    letters = sum(char.isalpha() for char in text)
    return len(text) <= _LONGEST_HEADING and letters > 2 and text[-1] not in ".,;"


def _join(group: Sequence[TextLine], known: Counter[str]) -> tuple[str, list[int]]:
    """Join the lines of a paragraph; return its text and the offset of each line in it."""
    parts: list[str] = []
    offsets: list[int] = []
    length = 0
    for line in group:
        if parts:
            before = parts[-1]
            cut = _CUT_WORD.search(before[-_LONGEST_WORD:])
            rest = _FIRST_WORD.match(line.text)
            if cut and rest:
                if rest[0][0].islower() and not _keeps_hyphen(cut[1], rest[0], known):
                    parts[-1] = before[:-1]
                    length -= 1
            elif not (_WIDE.match(before[-1]) and _WIDE.match(line.text[0])):
                parts.append(" ")
                length += 1
        offsets.append(length)
        parts.append(line.text)
        length += len(line.text)
    return "".join(parts), offsets


def _keeps_hyphen(left: str, right: str, known: Counter[str]) -> bool:
    """Keep the hyphen of a compound: the file writes it so elsewhere, or both parts are words.

    "greenhouse" is a common word and loses the hyphen of "green-house"; "night-shift" is none.
    """
    if known[left + right]:
        return False
    if known[f"{left}-{right}"]:
        return True
    common = common_words()
    parts = (left.lower(), right.lower())
    return "".join(parts) not in common and all(len(p) > 2 and p in common for p in parts)
