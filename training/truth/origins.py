"""What a claim's origin tells of how it is wrong. Plain values; knows no data and no network."""

from __future__ import annotations

_OTHERWISE = frozenset(
    "made-number made-month made-unit made-name made-place made-negate made-opposite made-swap "
    "made-affirm made-exchanged made-asked-wrong made-asked-denied made-fragment-beside "
    "made-fragment-elsewhere made-fragment-count made-record-wrong made-tables-false "
    "made-counts-false factcheck-refute".split()
)
"""Where the evidence says something else in the claim's place: another value, or the reverse."""
_SILENT = frozenset(
    "made-withheld made-elsewhere made-asked-withheld made-fragment-withheld "
    "made-record-withheld made-record-unknown made-plans-false factcheck-irrelevant".split()
)
"""Where what the claim says does not stand in the evidence, nor anything against it."""
_SUPPORTED = 2


def says_otherwise(origin: str, label: int) -> bool | None:
    """Say whether the evidence contradicts a claim of this origin; None where that is not known."""
    if label == _SUPPORTED or origin in _SILENT:
        return False
    return True if origin in _OTHERWISE else None
