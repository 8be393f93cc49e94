"""Rows become batches: windows of one question together, rows of like length together.

The order follows from seed and epoch alone, so that a run can go on where it stopped.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from training.truth.windows import Row

_POOL = 40
"""Batches whose rows are sorted by length together."""
_STEP = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """b rows, padded to t tokens."""

    rows: tuple[Row, ...]
    ids: Tensor
    segments: Tensor
    mask: Tensor
    """Each (b, t)."""


def collate(rows: Sequence[Row]) -> Batch:
    """Pad rows to the longest, rounded up so that few shapes occur."""
    longest = -(-max(len(row.ids) for row in rows) // _STEP) * _STEP
    ids = torch.full((len(rows), longest), rows[0].pad, dtype=torch.long)
    segments = torch.zeros_like(ids)
    mask = torch.zeros(len(rows), longest, dtype=torch.bool)
    for number, row in enumerate(rows):
        ids[number, : len(row.ids)] = torch.tensor(row.ids)
        segments[number, row.passage_at : len(row.ids)] = 1
        mask[number, : len(row.ids)] = True
    return Batch(rows=tuple(rows), ids=ids, segments=segments, mask=mask)


def epoch(rows: Sequence[Row], *, size: int, seed: int, number: int) -> list[list[Row]]:
    """Return the batches of one epoch as lists of rows."""
    drawn = random.Random(f"{seed} {number}")
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.window.group, []).append(row)
    units = list(groups.values())
    drawn.shuffle(units)
    batches: list[list[Row]] = []
    at = 0
    while at < len(units):
        pool: list[list[Row]] = []
        count = 0
        while at < len(units) and count < _POOL * size:
            pool.append(units[at])
            count += len(units[at])
            at += 1
        pool.sort(key=lambda unit: max(len(row.ids) for row in unit))
        batches.extend(_cut(pool, size))
    drawn.shuffle(batches)
    return batches


def in_order(rows: Sequence[Row], *, size: int) -> Iterator[tuple[list[int], Batch]]:
    """Yield the rows by length, for evaluation, with their places."""
    order = sorted(range(len(rows)), key=lambda at: len(rows[at].ids))
    for at in range(0, len(order), size):
        places = order[at : at + size]
        yield places, collate([rows[place] for place in places])


def _cut(pool: Sequence[list[Row]], size: int) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for unit in pool:
        if batch and len(batch) + len(unit) > size:
            yield batch
            batch = []
        batch = [*batch, *unit]
    if batch:
        yield batch
