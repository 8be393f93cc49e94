"""The parts that a mix of windows is made of, and draws from it. Knows no network.

    python -m training.truth.mix --windows FILE --whole SOURCE --others 9500 --seed 6 --out FILE

writes the training windows of a source, whole, among so many others drawn by chance: what a network
goes on with that has to learn something new and forget nothing.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from training.truth.windows import Window, read, write_counted

GROUPS: dict[str, tuple[str, ...]] = {
    "RAGTruth": ("ragtruth",),
    "made": ("made",),
    "made of questions": ("made-asked",),
    "made of records": ("made-record",),
    "fragments": ("made-fragment",),
    "drawn": ("made-identifiers", "made-plans", "made-tables", "made-counts"),
    "people's": ("fool_me_twice", "factcheck", "summedits"),
}
"""Sources of the verifier's windows that are reported together, by how their names begin."""
WHOLE, AGAIN = "nothing left out", "nothing, another seed"
_READER_KINDS = ("near", "changed", "deleted")
_MADE = {
    "made: of questions": "asked-true asked-wrong asked-denied asked-withheld asked-rightly-denied",
    "made: one thing changed": "name number month place unit swap quantify opposite negate word "
    "subject done affirm",
    "made: sentences mixed": "cross half exchanged",
    "made: fragments": "fragment-right fragment-beside fragment-count fragment-elsewhere "
    "fragment-withheld",
    "made: of drawn texts": "identifiers-true identifiers-false plans-true plans-false tables-true "
    "tables-false counts-true counts-false",
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


def among(windows: Iterable[Window], source: str, *, others: int, seed: int) -> list[Window]:
    """Return the training windows whose source begins so, among others, in an order by chance.

    Raises:
        ValueError: no training window is of the source.
    """
    train = [window for window in windows if not window.dev and window.kind != "held"]
    whole = [window for window in train if window.source.startswith(source)]
    if not whole:
        raise ValueError(f"No training window is of a source that begins with {source!r}.")
    rest = [window for window in train if not window.source.startswith(source)]
    random.Random(seed).shuffle(rest)
    drawn = rest[:others] + whole
    random.Random(seed + 1).shuffle(drawn)
    return drawn


def main() -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--windows", type=Path, required=True)
    parser.add_argument("--whole", required=True, help="how the source's name begins")
    parser.add_argument("--others", type=int, required=True, help="windows of other sources")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, help="file to write (.jsonl.gz)")
    options = parser.parse_args()
    try:
        drawn = among(
            read(options.windows), options.whole, others=options.others, seed=options.seed
        )
    except ValueError as error:
        parser.error(str(error))
    write_counted(drawn, options.out, label=lambda window: window.source)


if __name__ == "__main__":
    main()
