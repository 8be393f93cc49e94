"""A score of one case with the reason for it. ``None`` is unscored: it could not be computed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One measure of one case."""

    value: float | None
    """None where it does not apply or cannot be computed; never 0 or 1 in its place."""
    why: str
    """The explanation of the value, one line for a person."""


Scores = dict[str, Score]


def unscored(why: str) -> Score:
    """Return a score that could not be computed, with the reason."""
    return Score(value=None, why=why)
