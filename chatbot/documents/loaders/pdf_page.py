"""Reads the letters, drawn lines and form values of one pdf page with pdfium.

Gives ``Segment`` runs in the order in which the page was written. Raised and lowered letters become
superscripts and subscripts; letters that stand for no character are counted. Knows pdfium's C
interface, no paragraphs.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from chatbot.documents.loaders.marks import lowered, raised
from chatbot.documents.loaders.page_lines import Box, Letter, Segment

_CELL_GAP = 1.0
"""Heights between two letters from which they may stand in two cells."""
_WORD_GAP = 0.16
_SMALL = 0.86
_MOST_PATHS = 3_000
_LEAST_RULE = 20.0
_BOLD = 600
_GARBLED = 0.3
"""Share of letters without a character from which a text layer cannot be read."""


@dataclass(slots=True, kw_only=True)
class PageText:
    """What one page says."""

    segments: list[Segment] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)
    """Heights of horizontal lines."""
    letters: int = 0
    unknown: int = 0
    """Letters whose font does not say which character they are."""
    foreign: int = 0
    """The unknown letters that cannot be drawn either, since the file does not hold their font."""
    pictures: int = 0
    unsure: int = 0
    """Lines that recognition did not read surely."""
    recognised: bool = False
    """Whether its words were read in the picture that it is; the letters' boxes are parts of it."""

    @property
    def is_garbled(self) -> bool:
        """Whether the letters do not say which characters they are."""
        return self.unknown > _GARBLED * self.letters

    @property
    def is_scan(self) -> bool:
        """Whether only recognition could tell what stands here."""
        return not self.segments and (self.pictures > 0 or self.is_garbled)

    @property
    def is_lost(self) -> bool:
        """Whether not even recognition could tell it."""
        return self.is_garbled and 2 * self.foreign > self.unknown


@dataclass(slots=True, kw_only=True)
class _Glyph:
    """A letter; its places are as if it stood upright, but for the box."""

    char: str
    x0: float
    x1: float
    y: float
    height: float
    bold: bool
    turn: int
    """By how many quarters it is turned."""
    box: Box
    """As it is drawn."""


def read_page(page: PdfPage) -> PageText:
    """Return the text of a page with its places."""
    found = PageText()
    letters = list(_letters(page, found))
    turns = Counter(letter.turn for letter in letters)
    usual = max(turns, key=lambda turn: turns[turn], default=0)
    found.segments = list(_segments([one for one in letters if one.turn == usual]))
    # What is turned otherwise, like a stamp along the margin, cuts no line in two under the page.
    floor = min((segment.y for segment in found.segments), default=0.0)
    for segment in _segments([one for one in letters if one.turn != usual]):
        floor -= 4 * segment.height
        segment.x0, segment.x1, segment.y = 0.0, segment.x1 - segment.x0, floor
        found.segments.append(segment)
    _read_drawings(page, found)
    return found


def _letters(page: PdfPage, found: PageText) -> Iterator[_Glyph]:
    """Yield the letters in the order of the page."""
    textpage = page.get_textpage()
    text = textpage.raw
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    bold: dict[int, bool] = {}
    last: _Glyph | None = None
    for index in range(pdfium.FPDFText_CountChars(text)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or code in (0, 10, 13):
            continue
        char = "-" if code in (2, 0xFFFE) else chr(code) if code < 0x110000 else "\ufffd"
        found.letters += not char.isspace()
        if pdfium.FPDFText_HasUnicodeMapError(text, index) == 1 or 0xE000 <= code <= 0xF8FF:
            found.unknown += 1
            font = _font(text, index)
            found.foreign += bool(font) and pdfium.FPDFFont_GetIsEmbedded(font) == 0
        if not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
        angle = pdfium.FPDFText_GetCharAngle(text, index)
        turn = round(angle / 1.5707963) % 4 if angle >= 0 else 0
        drawn = (box.left, box.bottom, box.right, box.top)
        x0, x1, base, height = _turned(drawn, x.value, y.value, turn)
        if last is not None and char.isalpha() and (last.x0, last.x1, last.y) == (x0, x1, base):
            last.char += char  # a ligature is one shape of several letters
        elif height > 0:
            if last is not None:
                yield last
            last = _Glyph(
                char=char,
                x0=x0,
                x1=x1,
                y=base,
                height=height,
                bold=_is_bold(text, index, bold),
                turn=turn,
                box=drawn,
            )
    if last is not None:
        yield last
    textpage.close()


def _turned(box: Box, x: float, y: float, turn: int) -> Box:
    """Return left, right, baseline and height of a letter, as if it stood upright."""
    left, bottom, right, top = box
    if turn == 0:
        return left, right, y, top - bottom
    if turn == 2:
        return -right, -left, -y, top - bottom
    if turn == 1:
        return -top, -bottom, x, right - left
    return bottom, top, -x, right - left


def _is_bold(text: object, index: int, known: dict[int, bool]) -> bool:
    """Say whether a letter is set in bold; asked once for each run of letters."""
    run = pdfium.FPDFText_GetTextObject(text, index)
    key = ctypes.addressof(run.contents) if run else 0
    if key not in known:
        name = ctypes.create_string_buffer(200)
        if font := _font(text, index):
            pdfium.FPDFFont_GetBaseFontName(font, name, 200)
        words = name.value.decode("utf-8", "replace").lower()
        heavy = pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD
        known[key] = heavy or any(word in words for word in ("bold", "black", "heavy"))
    return known[key]


def _font(text: object, index: int) -> Any:  # noqa: ANN401 - a pointer of pdfium
    run = pdfium.FPDFText_GetTextObject(text, index)
    return pdfium.FPDFTextObj_GetFont(run) if run else None


def _segments(letters: list[_Glyph]) -> Iterator[Segment]:
    run: list[_Glyph] = []
    before: _Glyph | None = None
    """The last letter of the run that is no space."""
    for letter in letters:
        if before is not None and not _continues(before, letter):
            yield _segment(run)
            run, before = [], None
        if letter.char.strip():
            before = letter
        if before is not None:
            run.append(letter)
    if before is not None:
        yield _segment(run)


def _continues(before: _Glyph, letter: _Glyph) -> bool:
    size = max(before.height, letter.height)
    if abs(before.y - letter.y) > 0.5 * size:
        return False
    return letter.char.isspace() or -0.6 * size < letter.x0 - before.x1 < _CELL_GAP * size


def _segment(run: list[_Glyph]) -> Segment:
    """Make one segment of a run of letters, with the spaces that only its gaps show."""
    while run[-1].char.isspace():
        run.pop()
    sizes = Counter((round(one.height, 1), round(one.y, 1)) for one in run if one.char.strip())
    (height, base), _ = sizes.most_common(1)[0]
    text = ""
    for part, dy, small in _shifts(run, height, base):
        space = " " if part[-1:].isspace() else ""
        if small and dy > 0.08 * height and text:
            text += raised(part, text) + space
        elif small and dy < -0.02 * height:
            text += lowered(part, text) + space
        else:
            text += part
    return Segment(
        text=text,
        x0=run[0].x0,
        x1=run[-1].x1,
        y=base,
        height=height,
        bold=sum(one.bold for one in run) * 2 > len(run),
        letters=[Letter(one.char, one.box) for one in run if not one.char.isspace()],
    )


def _shifts(run: list[_Glyph], height: float, base: float) -> Iterator[tuple[str, float, bool]]:
    """Cut a run where its letters are set smaller and raised or lowered."""
    text, dy, small = "", 0.0, False
    before = run[0]
    for letter in run:
        if letter.char.isspace():
            text += letter.char
            continue
        now = letter.height < _SMALL * height
        gap = letter.x0 - before.x1 > _WORD_GAP * height and not text.endswith(" ")
        if text and now != small:
            yield text, dy, small
            text = ""
        text += f" {letter.char}" if gap else letter.char
        dy, small, before = letter.y - base, now, letter
    yield text, dy, small


def _read_drawings(page: PdfPage, found: PageText) -> None:
    """Note horizontal lines (the rules of tables) and count pictures."""
    for number, thing in enumerate(page.get_objects(max_depth=3)):
        if number > _MOST_PATHS:
            break
        if thing.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures += 1
        elif thing.type == pdfium.FPDF_PAGEOBJ_PATH:
            left, bottom, right, top = thing.get_bounds()
            if right - left >= _LEAST_RULE:
                found.rules += [bottom] if top - bottom < 3 else [bottom, top]
