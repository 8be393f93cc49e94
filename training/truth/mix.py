"""The parts that a mix of windows is made of, and draws from it. Knows no network."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence

from training.truth.windows import Window

GROUPS: dict[str, tuple[str, ...]] = {
    "RAGTruth": ("ragtruth",),
    "made": ("made",),
    "made of questions": ("made-asked",),
    "made of records": ("made-record",),
    "people's": ("fool_me_twice", "factcheck", "summedits"),
}
"""Sources of the verifier's windows that are reported together, by how their names begin."""
WHOLE, AGAIN = "nothing left out", "nothing, another seed"
_READER_KINDS = ("near", "changed", "deleted")
_MADE = {
    "made: of questions": "asked-true asked-wrong asked-denied asked-withheld asked-rightly-denied",
    "made: one thing changed": "name number month place unit swap quantify opposite negate word "
    "subject done affirm",
    "made: sentences mixed": "cross half",
    "made: of records": "record-true record-true-two record-wrong record-half record-withheld "
    "record-unknown",
    "made: evidence taken away": "withheld elsewhere",
    "made: reworded or joined, still true": "reword shorten introduce appose respell join copy "
    "move kept",
}


def parts(task: str, windows: Sequence[Window]) -> dict[str, Callable[[Window], bool]]:
    """Return what is left out, one after the other: a name and whether a window belongs to it."""
    found: dict[str, Callable[[Window], bool]] = {WHOLE: _none, AGAIN: _none}
    if task == "reader":
        for source in sorted({w.source for w in windows}):
            found[source] = lambda w, source=source: w.source == source  # type: ignore[misc]
        for kind in _READER_KINDS:
            found[f"kind {kind}"] = lambda w, kind=kind: w.kind == kind  # type: ignore[misc]
        return found | {"kind rough": lambda w: w.rough}
    for source in ("ragtruth", "fool_me_twice", "factcheck", "summedits", "made"):
        found[source] = lambda w, source=source: w.source.startswith(source)  # type: ignore[misc]
    for name, kinds in _MADE.items():
        sources = {f"made-{kind}" for kind in kinds.split()}
        found[name] = lambda w, sources=sources: w.source in sources  # type: ignore[misc]
    return found


def _none(window: Window) -> bool:
    return False


def draw(windows: Iterable[Window], budget: int, *, seed: int) -> list[Window]:
    """Return groups of windows by chance, until the budget is reached."""
    groups: dict[str, list[Window]] = {}
    for window in windows:
        groups.setdefault(window.group, []).append(window)
    order = list(groups.values())
    random.Random(seed).shuffle(order)
    return [window for group in order for window in group][:budget]
