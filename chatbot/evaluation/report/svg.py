"""Small plots as inline SVG: lines over two axes, and horizontal bars. No script, no style sheet.

Colours are CSS variables of the page, so that the plots follow its light and dark theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 420, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 12, 44
_COLOURS = ("var(--a)", "var(--b)")
_TICKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotLine:
    """One series of points (x, y)."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False
    dots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlotBar:
    """One horizontal bar, with a mark further out."""

    name: str
    value: float
    mark: float
    label: str


def line_plot(
    lines: Sequence[PlotLine],
    *,
    title: str,
    x: str,
    y: str,
) -> str:
    """Return a plot of lines from the origin to (1, 1).

    Args:
        lines: at most two that are not dashed get colours of their own.
        title: read out instead of the plot.
        x: what the horizontal axis is.
        y: what the vertical axis is.
    """
    parts = [_axes(x, y)]
    solid = [line for line in lines if not line.dashed]
    for line in lines:
        colour = "var(--dim)" if line.dashed else _COLOURS[solid.index(line) % len(_COLOURS)]
        places = [_place(px, py) for px, py in line.points]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in places)
        dash = ' stroke-dasharray="4 4"' if line.dashed else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )
        if line.dots:
            parts += [
                f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="{colour}"/>'
                for px, py in places
            ]
    if len(solid) > 1:
        parts += [_legend(_TOP + 14 + at * 16, at, line.name) for at, line in enumerate(solid)]
    return _svg(title, HEIGHT, parts)


def bar_plot(bars: Sequence[PlotBar], *, title: str) -> str:
    """Return horizontal bars on one scale, the largest mark at the right edge."""
    top = max((bar.mark for bar in bars), default=0.0) or 1.0
    row, left = 30, 110
    room = WIDTH - left - 130
    parts = []
    for at, bar in enumerate(bars):
        y = 10 + at * row
        wide, mark = room * bar.value / top, left + room * bar.mark / top
        parts.append(_text(left - 8, y + 15, bar.name, anchor="end"))
        parts.append(
            f'<rect x="{left}" y="{y + 3}" width="{wide:.1f}" height="16" fill="var(--a)"/>'
        )
        parts.append(
            f'<line x1="{mark:.1f}" x2="{mark:.1f}" y1="{y}" y2="{y + 22}" stroke="var(--b)" '
            f'stroke-width="2"/>'
        )
        parts.append(_text(mark + 6, y + 15, bar.label))
    return _svg(title, 20 + row * len(bars), parts)


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _place(x: float, y: float) -> tuple[float, float]:
    return _LEFT + (WIDTH - _LEFT - _RIGHT) * x, HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * y


def _axes(x: str, y: str) -> str:
    parts = []
    for step in range(_TICKS + 1):
        px, py = _place(step / _TICKS, step / _TICKS)
        parts.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{py:.1f}" y2="{py:.1f}" '
            f'stroke="var(--rule)"/>'
        )
        parts.append(_text(_LEFT - 6, py + 4, f"{step / _TICKS:.2g}", anchor="end"))
        parts.append(_text(px, HEIGHT - _BOTTOM + 16, f"{step / _TICKS:.3g}", anchor="middle"))
    middle = (_TOP + HEIGHT - _BOTTOM) / 2
    parts.append(_text((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 8, x, anchor="middle"))
    parts.append(_text(14, middle, y, anchor="middle", turn=True))
    return "".join(parts)


def _legend(y: float, at: int, name: str) -> str:
    line = f'<rect x="{WIDTH - 140}" y="{y - 8}" width="10" height="10" fill="{_COLOURS[at % 2]}"/>'
    return line + _text(WIDTH - 125, y + 1, name[:20])


def _text(x: float, y: float, text: str, *, anchor: str = "start", turn: bool = False) -> str:
    turned = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turn else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12" '
        f'fill="var(--ink)"{turned}>{escape(text)}</text>'
    )
