"""Reads the words in a picture, where the extra ``chatbot[ocr]`` (rapidocr) is installed.

Runs only in a parsing process that was started for it, which has more memory and time than others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from chatbot.documents.loaders.page_lines import Letter, Segment

if TYPE_CHECKING:
    from PIL.Image import Image

HOW_TO = "To read words in pictures, run `pip install 'chatbot[ocr]'`."
DOTS_PER_INCH = 150
_POINTS = 72 / DOTS_PER_INCH
_LEAST_SCORE = 0.6
"""How sure the recognition has to be of a line; below it, it reads words into patterns."""
_COLUMN = 3
"""Lines that a column has."""

is_on = False
"""Whether this process may recognise; the worker sets it."""


def is_installed() -> bool:
    """Return whether the extra is there."""
    return find_spec("rapidocr") is not None


UNSURE = "uncertain line"
"""What a line is called that is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The words in a picture."""

    lines: list[Segment] = field(default_factory=list)
    """The lines in reading order; the boxes of their letters are parts of the picture."""
    unsure: int = 0
    """The number of lines that are left out, since most such are patterns read as words."""


def recognised(picture: Image) -> Recognised:
    """Return the lines in a picture.

    The picture is taken to have ``DOTS_PER_INCH``; the lines' own places are in points.
    """
    import numpy as np

    found = _engine()(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    if found.boxes is None:
        return Recognised()
    lines, unsure = [], 0
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if text.strip() and score >= _LEAST_SCORE:
            lines.append(_segment(box.tolist(), text, picture.size))
        unsure += bool(text.strip()) and score < _LEAST_SCORE
    return Recognised(lines=list(_in_columns(lines)), unsure=unsure)


@lru_cache(maxsize=1)
def _engine() -> Any:  # noqa: ANN401 - a foreign class
    from rapidocr import RapidOCR

    quiet = {"Global.log_level": "critical", "Global.use_cls": False}
    memory = {"EngineConfig.onnxruntime.enable_cpu_mem_arena": False}
    threads = {"EngineConfig.onnxruntime.intra_op_num_threads": 2}
    # A small picture is not made large first: that takes ten times as long and finds no more.
    size = {"Det.limit_type": "max", "Det.limit_side_len": 1600}
    return RapidOCR(params=quiet | memory | threads | size)


def _segment(box: Sequence[Sequence[float]], text: str, size: tuple[int, int]) -> Segment:
    xs, ys = zip(*box, strict=True)
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    step = (right - left) / len(text)
    wide, high = size
    ends = [(left + n * step) / wide for n in range(len(text) + 1)]
    letters = [
        Letter(char, (x0, top / high, x1, bottom / high))
        for char, (x0, x1) in zip(text, pairwise(ends), strict=True)
        if not char.isspace()
    ]
    return Segment(
        text=text,
        x0=left * _POINTS,
        x1=right * _POINTS,
        y=-bottom * _POINTS,
        height=(bottom - top) * _POINTS,
        letters=letters,
    )


def _in_columns(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Yield lines column by column: cut where nothing crosses, upright first, then across."""
    for parts in (_cut_upright(segments), _cut_across(segments)):
        if parts is not None:
            yield from _in_columns(parts[0])
            yield from _in_columns(parts[1])
            return
    yield from sorted(segments, key=lambda one: (-round(one.y / max(one.height, 1)), one.x0))


def _cut_upright(segments: Sequence[Segment]) -> tuple[list[Segment], list[Segment]] | None:
    reach = float("-inf")
    for one in sorted(segments, key=lambda one: one.x0):
        left = [other for other in segments if other.x1 <= reach]
        if one.x0 > reach and min(len(left), len(segments) - len(left)) >= _COLUMN:
            right = [other for other in segments if other.x1 > reach]
            if all(_is_text(part) for part in (left, right)):
                return left, right
        reach = max(reach, one.x1)
    return None


def _is_text(part: Sequence[Segment]) -> bool:
    """Tell a column of text from one of a table: its lines are long."""
    return sum(len(one.text) for one in part) > 20 * len(part)


def _cut_across(segments: Sequence[Segment]) -> tuple[list[Segment], list[Segment]] | None:
    """Cut at the widest gap, if that lets one of the parts be cut upright."""
    ordered = sorted(segments, key=lambda one: -one.y)
    gaps = sorted(
        ((a.y - b.y - b.height, n) for n, (a, b) in enumerate(pairwise(ordered), 1)), reverse=True
    )
    for gap, n in gaps[:4]:
        parts = ordered[:n], ordered[n:]
        if gap > 0 and any(_cut_upright(part) for part in parts):
            return parts
    return None
