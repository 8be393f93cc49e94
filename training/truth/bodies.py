"""The published bodies that a network can have, and how each wants its input.

Plain values; knows no torch. A body is chosen by its name on the command line of ``train``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The shape of a body and the ids of its special tokens."""

    name: str
    width: int
    heads: int
    layers: int
    words: int
    """The size of the vocabulary."""
    positions: int
    """The number of position vectors."""
    first_position: int
    """The position of a row's first token."""
    segments: bool
    """Whether question and passage get vectors of their own type."""
    buckets: int
    """How many distances between tokens have a bias on attention; 0: there is none."""
    epsilon: float
    first: int
    """The token that a row begins with; what is said of the whole row stands there."""
    between: tuple[int, ...]
    """The tokens between question and passage."""
    last: int
    pad: int
    prefixes: tuple[tuple[str, str], ...] = ()
    """How the published names differ from BERT's, as (BERT's, theirs), the first match counts."""
    taken: tuple[int, ...] = ()
    """The numbers of the published layers that it keeps; empty: all."""


MINILM = Body(
    name="all-MiniLM-L6-v2", width=384, heads=12, layers=6, words=30522, positions=512,
    first_position=0, segments=True, buckets=0, epsilon=1e-12,
    first=101, between=(102,), last=102, pad=0,
)  # fmt: skip
MPNET = Body(
    name="all-mpnet-base-v2", width=768, heads=12, layers=12, words=30527, positions=514,
    first_position=2, segments=False, buckets=32, epsilon=1e-5,
    first=0, between=(2, 2), last=2, pad=1,
    prefixes=(
        ("attention.self.query", "attention.attn.q"),
        ("attention.self.key", "attention.attn.k"),
        ("attention.self.value", "attention.attn.v"),
        ("attention.output.dense", "attention.attn.o"),
        ("attention.output.LayerNorm", "attention.LayerNorm"),
    ),
)  # fmt: skip
MPNET6 = replace(MPNET, name="all-mpnet-base-v2, six layers", layers=6, taken=(0, 2, 4, 7, 9, 11))
"""Every other layer, the first and the last among them: what a student can begin with."""
BODIES = {"minilm": MINILM, "mpnet": MPNET, "mpnet6": MPNET6}
_FARTHEST = 128
"""From this distance on, all share one bucket (T5's scheme, which MPNet has)."""


def distance_buckets(tokens: int, count: int) -> NDArray[np.int64]:
    """Return the bucket of the distance from each token to each: (tokens, tokens)."""
    places = np.arange(tokens)
    ahead = places[None, :] - places[:, None]
    half, exact = count // 2, count // 4
    away = np.abs(ahead)
    # In the precision of the published code: a bucket's first distance is on the very border.
    log = np.log(np.maximum(away, 1).astype(np.float32) / np.float32(exact))
    share = log / np.float32(np.log(_FARTHEST / exact))
    wide = np.minimum(exact + (share * (half - exact)).astype(np.int64), half - 1)
    return half * (ahead > 0) + np.where(away < exact, away, wide)
