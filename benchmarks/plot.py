"""Plots for the documentation as SVG files that stand alone: lines on logarithmic axes, and bars.

The plots of the evaluation's report live in a page with colours of its own; these do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 560, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 20, 20, 46
_COLOURS = ("#2266cc", "#cc5522", "#228855", "#884499")
_GREY = "#888888"  # seen on white and on black


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Points (x, y), both positive."""

    name: str
    points: Sequence[tuple[float, float]]


def log_plot(lines: Sequence[Series], *, title: str, x: str, y: str) -> str:
    """Return lines over two logarithmic axes that span whole powers of ten."""
    xs = [point[0] for line in lines for point in line.points]
    ys = [point[1] for line in lines for point in line.points]
    across, up = _decades(xs), _decades(ys)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        right = (math.log10(point[0]) - across[0]) / (across[-1] - across[0])
        high = (math.log10(point[1]) - up[0]) / (up[-1] - up[0])
        return (
            _LEFT + right * (WIDTH - _LEFT - _RIGHT),
            HEIGHT - _BOTTOM - high * (HEIGHT - _TOP - _BOTTOM),
        )

    parts = []
    for power in across:
        at, _ = place((10**power, 10 ** up[0]))
        parts += [_line(at, _TOP, at, HEIGHT - _BOTTOM), _text(at, HEIGHT - 28, f"{10**power:,}")]
    for power in up:
        _, at = place((10 ** across[0], 10**power))
        parts.append(_line(_LEFT, at, WIDTH - _RIGHT, at))
        parts.append(_text(_LEFT - 6, at + 4, f"{10**power:,}", anchor="end"))
    parts.append(_text((WIDTH + _LEFT) / 2, HEIGHT - 8, x))
    parts.append(_text(_LEFT - 6, _TOP - 8, y, anchor="end"))
    for number, line in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [place(point) for point in line.points]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for (px, py), (_, value) in zip(places, line.points, strict=True):
            parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="{colour}"/>')
            parts.append(_text(px, py - 8, f"{value:.3g}", colour=colour))
        legend = _TOP + 14 + 16 * number
        parts.append(_text(_LEFT + 10, legend, line.name, anchor="start", colour=colour))
    return _svg(title, HEIGHT, parts)


def bar_plot(groups: Sequence[tuple[str, Sequence[tuple[str, float]]]], *, title: str) -> str:
    """Return horizontal bars in groups, each group on a scale of its own."""
    parts: list[str] = []
    at, left = 24.0, 230
    for heading, bars in groups:
        parts.append(_text(10, at, heading, anchor="start", colour=_GREY))
        most = max((value for _, value in bars), default=0) or 1
        for name, value in bars:
            at += 20
            wide = (WIDTH - left - 70) * value / most
            colour = _COLOURS[0] if name == bars[0][0] else _GREY
            parts.append(_text(left - 8, at, name, anchor="end"))
            parts.append(
                f'<rect x="{left}" y="{at - 11:.1f}" width="{wide:.1f}" height="13" '
                f'fill="{colour}"/>'
            )
            parts.append(_text(left + wide + 6, at, f"{value:,.3g}", anchor="start"))
        at += 34
    return _svg(title, round(at), parts)


def _decades(values: Sequence[float]) -> list[int]:
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values)))
    return list(range(low, max(high, low + 1) + 1))


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12">\n'
        f"<title>{escape(title)}</title>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{_GREY}" '
        'stroke-width="0.5"/>'
    )


def _text(x: float, y: float, text: str, *, anchor: str = "middle", colour: str = "#777777") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">'
        f"{escape(text)}</text>"
    )
