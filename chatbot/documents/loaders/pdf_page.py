"""Reads the letters, drawn lines and form values of one pdf page with pdfium.

Gives ``Segment`` runs in the order in which the page was written. Raised and lowered letters become
superscripts and subscripts; letters that stand for no character are counted. Knows pdfium's C
interface, no paragraphs.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium
from pypdfium2 import PdfPage

from chatbot.documents.loaders.marks import lowered, raised
from chatbot.documents.loaders.page_lines import Letter, Segment

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
    char: str
    x0: float
    x1: float
    y: float
    height: float
    bold: bool
    aside: bool
    """Whether it is turned otherwise than most of the page, like a stamp along its margin."""
    box: tuple[float, float, float, float]
    """As it is drawn; the other places are as if the letter stood upright."""


def read_page(page: PdfPage) -> PageText:
    """Return the text of a page with its places."""
    found = PageText()
    letters = list(_letters(page, found))
    found.segments = list(_segments([one for one in letters if not one.aside]))
    aside = _segments([one for one in letters if one.aside])
    found.segments += _below(found.segments, list(aside))
    _read_drawings(page, found)
    return found


def _letters(page: PdfPage, found: PageText) -> Iterator[_Glyph]:
    """Yield the letters in the order of the page, each as if it stood upright."""
    textpage = page.get_textpage()
    text = textpage.raw
    count = pdfium.FPDFText_CountChars(text)
    turn = _usual_turn(text, count)
    box = pdfium.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    bold: dict[int, bool] = {}
    last: _Glyph | None = None
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if pdfium.FPDFText_IsGenerated(text, index) == 1 or code in (0, 10, 13):
            continue
        char = "-" if code in (2, 0xFFFE) else chr(code) if code < 0x110000 else "\ufffd"
        found.letters += not char.isspace()
        if pdfium.FPDFText_HasUnicodeMapError(text, index) == 1 or 0xE000 <= code <= 0xF8FF:
            found.unknown += 1
            found.foreign += _is_foreign(text, index)
        if not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)):
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y))
        own = _turn(text, index)
        x0, x1, base, height = _turned(box, x.value, y.value, own)
        if last is not None and char.isalpha() and (last.x0, last.x1, last.y) == (x0, x1, base):
            last.char += char  # a ligature is one shape of several letters
        elif height > 0:
            weight = _is_bold(text, index, bold)
            if last is not None:
                yield last
            drawn = (box.left, box.bottom, box.right, box.top)
            last = _Glyph(
                char=char,
                x0=x0,
                x1=x1,
                y=base,
                height=height,
                bold=weight,
                aside=own != turn,
                box=drawn,
            )
    if last is not None:
        yield last
    textpage.close()


def _usual_turn(text: object, count: int) -> int:
    """Return by how many quarters most letters of the page are turned (a landscape table)."""
    turns: Counter[int] = Counter()
    for index in range(0, count, 1 + count // 200):
        turns[_turn(text, index)] += 1
    return turns.most_common(1)[0][0] if turns else 0


def _turn(text: object, index: int) -> int:
    """Return by how many quarters a letter is turned."""
    angle = pdfium.FPDFText_GetCharAngle(text, index)
    return round(angle / 1.5707963) % 4 if angle >= 0 else 0


def _below(segments: Sequence[Segment], aside: Sequence[Segment]) -> Sequence[Segment]:
    """Put what is written along the margins under the page, where it cuts no line in two."""
    floor = min((segment.y for segment in segments), default=0.0)
    for segment in aside:
        floor -= 4 * segment.height
        segment.x0, segment.x1, segment.y = 0.0, segment.x1 - segment.x0, floor
    return aside


def _turned(
    box: pdfium.FS_RECTF, x: float, y: float, turn: int
) -> tuple[float, float, float, float]:
    """Return left, right, baseline and height of a letter, as if it stood upright."""
    if turn == 0:
        return box.left, box.right, y, box.top - box.bottom
    if turn == 2:
        return -box.right, -box.left, -y, box.top - box.bottom
    if turn == 1:
        return -box.top, -box.bottom, x, box.right - box.left
    return box.bottom, box.top, -x, box.right - box.left


def _is_bold(text: object, index: int, known: dict[int, bool]) -> bool:
    """Say whether a letter is set in bold; asked once for each run of letters."""
    run = pdfium.FPDFText_GetTextObject(text, index)
    key = ctypes.addressof(run.contents) if run else 0
    if key not in known:
        font = pdfium.FPDFTextObj_GetFont(run) if key else None
        name = ctypes.create_string_buffer(200)
        if font:
            pdfium.FPDFFont_GetBaseFontName(font, name, 200)
        words = name.value.decode("utf-8", "replace").lower()
        heavy = pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD
        known[key] = heavy or any(word in words for word in ("bold", "black", "heavy"))
    return known[key]


def _is_foreign(text: object, index: int) -> bool:
    run = pdfium.FPDFText_GetTextObject(text, index)
    font = pdfium.FPDFTextObj_GetFont(run) if run else None
    return bool(font) and pdfium.FPDFFont_GetIsEmbedded(font) == 0


def _segments(letters: list[_Glyph]) -> Iterator[Segment]:
    run: list[_Glyph] = []
    for letter in letters:
        if run and not _continues(run, letter):
            yield from _segment(run)
            run = []
        if run or not letter.char.isspace():
            run.append(letter)
    yield from _segment(run)


def _continues(run: list[_Glyph], letter: _Glyph) -> bool:
    before = next((one for one in reversed(run) if not one.char.isspace()), run[-1])
    size = max(before.height, letter.height)
    if abs(before.y - letter.y) > 0.5 * size:
        return False
    if letter.char.isspace():
        return True
    return -0.6 * size < letter.x0 - before.x1 < _CELL_GAP * size


def _segment(run: list[_Glyph]) -> Iterator[Segment]:
    """Make one segment of a run of letters, with the spaces that only its gaps show."""
    while run and run[-1].char.isspace():
        run.pop()
    if not run:
        return
    sizes = Counter((round(one.height, 1), round(one.y, 1)) for one in run if one.char.strip())
    (height, base), _ = sizes.most_common(1)[0]
    parts: list[str] = []
    for text, dy, small in _shifts(run, height, base):
        space = " " if text[-1:].isspace() else ""
        if small and dy > 0.08 * height and parts:
            parts.append(raised(text, "".join(parts)) + space)
        elif small and dy < -0.02 * height:
            parts.append(lowered(text, "".join(parts)) + space)
        else:
            parts.append(text)
    bold = sum(one.bold for one in run) * 2 > len(run)
    yield Segment(
        text="".join(parts),
        x0=run[0].x0,
        x1=run[-1].x1,
        y=base,
        height=height,
        bold=bold,
        letters=[Letter(one.char, one.box) for one in run if not one.char.isspace()],
    )


def _shifts(run: list[_Glyph], height: float, base: float) -> Iterator[tuple[str, float, bool]]:
    """Cut a run where its letters are set smaller and raised or lowered."""
    text, dy, small = "", 0.0, False
    before: _Glyph | None = None
    for letter in run:
        now = letter.height < _SMALL * height
        gap = before is not None and letter.x0 - before.x1 > _WORD_GAP * height
        space = " " if gap and not letter.char.isspace() and not text.endswith(" ") else ""
        if text and not letter.char.isspace() and (now != small):
            yield text, dy, small
            text = ""
        text += space + letter.char
        if letter.char.strip():
            dy, small = letter.y - base, now
            before = letter
    if text:
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
