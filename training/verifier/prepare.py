"""Turn examples into feature rows. Knows no model.

Evidence is chosen with the package's own code, so that rows look as they do at run time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chatbot.answering.claim_evidence import Pool, choose
from chatbot.answering.claims import bare, is_no_claim
from chatbot.models.verifier.features import features
from chatbot.models.verifier.reading import SentenceReader
from training.verifier.examples import Example, is_dev

CITED = ("ragtruth", "summedits", "wice", "factcheck_gpt")
"""Origins that get their claims a second time with few sentences."""
MAX_POOL = 120
"""Sentences of a source that are embedded; longer sources are cut to the best by words."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Feature rows with their examples: ``rows[i]`` belongs to ``examples[i]``."""

    names: tuple[str, ...]
    rows: NDArray[np.float32]
    examples: tuple[Example, ...]

    @property
    def labels(self) -> NDArray[np.int64]:
        """1 where the evidence supports the claim."""
        return np.array([example.supported for example in self.examples], dtype=np.int64)

    @property
    def dev(self) -> NDArray[np.bool_]:
        """Which rows belong to dev."""
        return np.array([is_dev(example.group) for example in self.examples])

    @property
    def groups(self) -> NDArray[np.str_]:
        """The group of each row: what is never split."""
        return np.array([example.group for example in self.examples])


def table(examples: Iterable[Example], reader: SentenceReader, *, note: str = "") -> Table:
    """Measure every example that claims something."""
    kept: list[Example] = []
    rows: list[list[float]] = []
    names: tuple[str, ...] = ()
    started = time.monotonic()
    for pool, run in groupby(examples, key=lambda example: example.pool):
        batch = [e for e in run if bare(e.claim) and not is_no_claim(e.claim) and pool]
        if not batch:
            continue
        for example, evidence in _evidence(batch, pool, reader):
            claim = reader.read([bare(example.claim)])[0]
            found = features(claim, reader.read(evidence), reader.lexicon)
            names = tuple(found)
            rows.append(list(found.values()))
            kept.append(example)
            if len(kept) % 5000 == 0:
                print(f"{note} {len(kept)} rows, {time.monotonic() - started:.0f} s", flush=True)
    return Table(names=names, rows=np.array(rows, dtype=np.float32), examples=tuple(kept))


def _evidence(
    batch: Sequence[Example], pool: tuple[str, ...], reader: SentenceReader
) -> Iterator[tuple[Example, list[str]]]:
    """Choose the evidence of claims about one source.

    A claim found in a source comes a second time as if it cited its sentences: with the fewest that
    hold nearly all that was found. Its origin then ends in ``-cited``.
    """
    claims = [bare(example.claim) for example in batch]
    reader.read([*claims, *pool[:MAX_POOL]])
    search = Pool(pool)
    for example, claim in zip(batch, claims, strict=True):
        if example.given:
            yield example, list(pool)
            continue
        near = list(range(len(pool))) if len(pool) <= MAX_POOL else search.by_words(claim, limit=40)
        near = near or list(range(MAX_POOL))
        vectors = np.stack([item.vector for item in reader.read([pool[place] for place in near])])
        cosines = vectors @ reader.read([claim])[0].vector
        matches = search.matches(claim)[:, near]
        places = choose(matches, np.asarray(cosines, dtype=float))
        evidence = [pool[near[place]] for place in places]
        yield example, evidence
        if example.origin in CITED:
            whole = 0.95 * matches[:, places].max(axis=1, initial=0.0).sum()
            for few in range(1, len(places)):
                if matches[:, places[:few]].max(axis=1, initial=0.0).sum() >= whole:
                    yield replace(example, origin=f"{example.origin}-cited"), evidence[:few]
                    break


def save(measured: Table, path: Path) -> None:
    """Write a table, without the sources, as npz."""
    about = [json.dumps(asdict(replace(example, pool=()))) for example in measured.examples]
    np.savez_compressed(
        path, names=np.array(measured.names), rows=measured.rows, about=np.array(about)
    )


def load(path: Path) -> Table:
    """Read what ``save`` wrote."""
    with np.load(path) as data:
        examples = tuple(Example(**json.loads(str(line))) for line in data["about"])
        return Table(
            names=tuple(str(name) for name in data["names"]), rows=data["rows"], examples=examples
        )
