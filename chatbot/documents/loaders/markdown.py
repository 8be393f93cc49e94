"""Reads Markdown: front matter, headings, lists, tables, quotes and code become plain blocks.

The stored text is what a reader of the rendered page sees: front matter, comments and marks are
taken out, words are not. A link keeps its text and loses its address; a bullet is dropped, a number
stays; a table row becomes its cells between bars. Paragraphs stand between blank lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from chatbot.documents.blocks import BlockKind, Content, ContentBuilder
from chatbot.documents.encoding import decode
from chatbot.documents.layout import TextLine, group_lines
from chatbot.documents.loaders.inline import plain_inline

_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTE = re.compile(r"(?: {0,3}>[ \t]?)+")
_BULLET = re.compile(r"[ \t]*[-*+][ \t]+(?=\S)")
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*(?=\S)")
_ALERT = re.compile(r"\[!([A-Za-z]{2,20})\][ \t]*$")
_TERM_MEANING = re.compile(r" {0,3}:[ \t]+(?=\S)")
_NUMBER = re.compile(r"[ \t]*(\d{1,9})[.)][ \t]+(?=\S)")
_DELIMITERS = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_END = re.compile(r"(?<!\\)\|")
_DEFINITION = re.compile(r" {0,3}\[[^\]^]+\]:[ \t]*\S")
_HARD_BREAK = re.compile(r"(?: {2,}|\\|<br ?/?>)$")
_KEY = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?$")
_ENTRY = re.compile(r"[ \t]*-[ \t]+(.*)$")
_FACTS = frozenset(
    """
    author authors date version updated revised revision status published created modified owner
    editor editors maintainer reviewer reviewers approved expires valid department
    """.split()
)
"""Entries of the front matter that are facts about the document, not settings of a program."""

_MAX_FRONT_MATTER = 100
"""Lines: what is longer is no front matter."""


def read_markdown(data: bytes, *, name: str) -> Content:
    """Return the content of a Markdown file."""
    decoded = decode(data)
    builder = ContentBuilder()
    lines = builder.cleaner.clean(decoded.text).split("\n")
    matter, body = _front_matter(lines)
    builder.add_facts({key.capitalize(): matter[key] for key in matter if key in _FACTS})
    write_markdown("\n".join(body), builder)
    return builder.build(
        title=matter.get("title", "") or builder.first_heading,
        source=matter.get("source", ""),
        warnings=decoded.warnings,
    )


def write_markdown(text: str, builder: ContentBuilder) -> None:
    """Write cleaned Markdown."""
    _Reader(builder).read(_without_comments(text).split("\n"))


def _front_matter(lines: list[str]) -> tuple[dict[str, str], list[str]]:
    """Split off the front matter. Plain values and lists of them are read, no other YAML."""
    if lines[0].rstrip() != "---":
        return {}, lines
    for end, line in enumerate(lines[1 : _MAX_FRONT_MATTER + 1], 1):
        if line.rstrip() in ("---", "..."):
            return _entries(lines[1:end]), lines[end + 1 :]
    return {}, lines


def _entries(lines: list[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    key = ""
    for line in lines:
        if match := _KEY.match(line):
            key = match[1].lower()
            value = _scalar(match[2] or "")
            listed = value[1:-1].split(",") if value[:1] == "[" and value[-1:] == "]" else [value]
            found[key] = [_scalar(entry) for entry in listed if entry.strip()]
        elif key and (entry := _ENTRY.match(line)):
            found[key].append(_scalar(entry[1]))
    return {key: ", ".join(values) for key, values in found.items()}


def _scalar(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        quote = value[0]
        return value[1:-1].replace("''" if quote == "'" else '\\"', quote)
    return value.partition(" #")[0].strip()


def _without_comments(text: str) -> str:
    """Take out what is between <!-- and -->: no reader of the page sees it."""
    parts, position = [], 0
    while (start := text.find("<!--", position)) >= 0:
        end = text.find("-->", start)
        if end < 0:
            break
        parts.append(text[position:start])
        position = end + 3
    return "".join(parts) + text[position:]


@dataclass(slots=True)
class _Reader:
    """Reads line by line; ``paragraph`` holds the lines of the block that is not finished."""

    builder: ContentBuilder
    paragraph: list[str] = field(default_factory=list)
    prefix: str = ""
    """The number of a list item."""
    in_item: bool = False
    after_item: bool = False

    def read(self, lines: list[str]) -> None:
        position = 0
        while position < len(lines):
            position = self._line(lines, position)
        self._flush()

    def _line(self, lines: list[str], position: int) -> int:
        """Read the block element at ``position`` and return the position behind it."""
        quote = _QUOTE.match(lines[position])
        line = lines[position][quote.end() :] if quote else lines[position]
        if not line.strip():
            self._flush()
            return position + 1
        if fence := _FENCE.match(line):
            self._flush()
            return self._code(lines, position + 1, fence[1])
        if heading := _HEADING.match(line):
            self._flush()
            self.builder.add_heading(plain_inline(heading[1] or "", self.builder.left_out))
        elif self.paragraph and not self.in_item and _UNDERLINE.match(line):
            text = plain_inline(" ".join(self.paragraph), self.builder.left_out)
            self.paragraph.clear()
            self.builder.add_heading(text)
        elif _RULE.match(line):
            self._flush()
        elif "|" in line and position + 1 < len(lines) and _is_delimiter(lines[position + 1]):
            self._flush()
            return self._table(lines, position)
        elif not _DEFINITION.match(line):
            self._text(line)
        return position + 1

    def _text(self, line: str) -> None:
        if note := _NOTE.match(line):
            self._flush()
            self.prefix = f"Note {note[1]}: "
            line = line[note.end() :]
        elif alert := _ALERT.match(line):
            self._flush()
            self.prefix = f"{alert[1].capitalize()}: "
            return
        elif (meaning := _TERM_MEANING.match(line)) and len(self.paragraph) == 1:
            self.prefix = f"{self.prefix}{self.paragraph.pop().strip()}: "
            line = line[meaning.end() :]
        bullet, number = _BULLET.match(line), _NUMBER.match(line)
        # A number in the middle of a paragraph is no list unless it is 1 (CommonMark 5.3).
        if bullet or (number and (not self.paragraph or self.in_item or number[1] == "1")):
            self._flush()
            self.in_item = True
            self.prefix = f"{number[1]}. " if number else ""
            line = line[(bullet or number).end() :]  # type: ignore[union-attr]
        self.paragraph.append(line)

    def _flush(self) -> None:
        """Write the paragraph or list item; a line break that a reader sees stays one."""
        close = self.after_item and self.in_item
        for block in _visible_lines(self.paragraph):
            text = plain_inline(block, self.builder.left_out)
            close = self.builder.add(self.prefix + text, close=close) is not None or close
            self.prefix = ""
        if self.paragraph:
            self.after_item = self.in_item
        self.in_item = False
        self.paragraph.clear()

    def _code(self, lines: list[str], position: int, fence: str) -> int:
        self.after_item = False
        close = False
        while position < len(lines):
            line = lines[position]
            position += 1
            if line.strip().startswith(fence):
                break
            added = self.builder.add(line.rstrip(), kind=BlockKind.WHOLE, close=close)
            close = close or added is not None
        return position

    def _table(self, lines: list[str], position: int) -> int:
        self.after_item = False
        end = position
        while end < len(lines) and "|" in lines[end]:
            end += 1
        rows = [
            [
                plain_inline(cell.strip(), self.builder.left_out)
                for cell in _CELL_END.split(_row(line))
            ]
            for line in (lines[position], *lines[position + 2 : end])
        ]
        self.builder.add_table(rows, has_header=any(rows[0]))
        return end


def _row(line: str) -> str:
    return line.strip().removeprefix("|").removesuffix("|")


def _is_delimiter(line: str) -> bool:
    return "-" in line and _DELIMITERS.match(line) is not None


def _visible_lines(lines: list[str]) -> Iterator[str]:
    """Join the lines of a paragraph as Markdown does, except at hard breaks.

    Notes are often written without blank lines, one point a line; a line that was not wrapped stays
    a line of its own (``layout``).
    """
    run: list[TextLine | None] = []
    for line in lines:
        text = line.strip()
        if text:
            run.append(TextLine(start=0, end=len(text), text=_HARD_BREAK.sub("", text) or text))
        if _HARD_BREAK.search(line):
            run.append(None)
    for group in group_lines(run):
        yield " ".join(line.text for line in group)
