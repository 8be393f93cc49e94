"""Make the verifier's windows: ``python -m training.truth.verifier_data --data BENCH --out FILE``.

Claims of real answers (RAGTruth), of people and models (FoolMeTwice, FactCheck-GPT), of edited
summaries (SummEdits), and claims made from sentences: changed ones that are false, reworded and
joined ones that are true; and short answers, read behind their question. Evidence is chosen with
the program's own code, then put in the order of its source. Seeded by the configuration.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from chatbot.answering.claim_evidence import Pool, choose, within_room
from chatbot.answering.claims import bare, is_no_claim
from chatbot.answering.streaming.claim_spans import claims_of
from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.settings import Settings
from training.truth.asked import asked
from training.truth.drawn import drawn_claims
from training.truth.fragments import fragments
from training.truth.origins import says_otherwise
from training.truth.verifier_sets import (
    PARTLY,
    SUPPORTED,
    UNSUPPORTED,
    Claim,
    factcheck_gpt,
    fool_me_twice,
    new_words,
    summedits,
    wice,
)
from training.truth.windows import Place, Window, write_counted
from training.verifier import across, records
from training.verifier.examples import Example, is_dev, is_held, ragtruth, rows
from training.verifier.lexicon import WORDS, read_words
from training.verifier.made import Maker
from training.verifier.passages import passages

CONFIG = Path(__file__).with_name("verifier.yaml")
MAX_POOL = 60
_PART = 0.6
"""A claim with less than this share of its characters marked is partly supported."""


def main() -> None:
    """Read the command line and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the benchmark folder")
    parser.add_argument("--out", type=Path, required=True, help="file to write (.jsonl.gz)")
    parser.add_argument("--config", type=Path, default=CONFIG)
    options = parser.parse_args()
    config = yaml.safe_load(options.config.read_text(encoding="utf-8"))
    embedder = load_embedder(Settings(embedding_model="builtin", embedder_dir=None))
    made = windows(claims(options.data, config), embedder, seed=config["seed"])
    write_counted(made, options.out, label=lambda window: f"{window.source} {window.label}")


def claims(data: Path, config: Mapping[str, Any]) -> Iterator[Claim]:
    """Yield the claims of all sources, those of one source text side by side."""
    drawn = random.Random(config["seed"])
    examples = list(ragtruth(data / "ragtruth" / "train.jsonl.gz"))
    marks = _marks(data / "ragtruth" / "train.jsonl.gz")
    true = sum(e.supported and not (is_dev(e.group) or is_held(e.group)) for e in examples)
    keep = config["ragtruth"]["supported"] / true
    # all answers about one source side by side: its sentences are embedded once
    for example, bad in sorted(zip(examples, marks, strict=True), key=lambda one: one[0].group):
        apart = is_dev(example.group) or is_held(example.group)
        # Answers that thresholds are set on are whole: their worst claim counts.
        if apart or not example.supported or drawn.random() < keep:
            yield _of_answer(example, bad)
    yield from _made(data, examples, config["made"], seed=config["seed"])
    yield from _across(data, examples, config["across"], seed=config["seed"])
    yield from asked(data / "train", config["asked"], seed=config["seed"])
    yield from _of_records(config["records"], seed=config["seed"])
    yield from fragments(data / "train", config["fragments"], seed=config["seed"])
    yield from drawn_claims(config["drawn"], seed=config["seed"])
    yield from wice(data / "train")
    yield from fool_me_twice(data / "train")
    stances = list(factcheck_gpt(data / "train"))
    share = config["factcheck_gpt"]["irrelevant"] / 2057
    yield from (c for c in stances if "irrelevant" not in c.origin or drawn.random() < share)
    edited = list(summedits(data / "train"))
    share = config["summedits"]["claims"] / len(edited)
    yield from (c for c in edited if drawn.random() < share)


def windows(found: Iterable[Claim], embedder: Embedder, *, seed: int) -> Iterator[Window]:
    """Yield a window for each claim that claims something, with evidence as at run time."""
    drawn = random.Random(seed)
    for pool, run in groupby(found, key=lambda claim: claim.pool):
        batch = [claim for claim in run if _says_something(claim)]
        if not batch or not pool:
            continue
        texts = [_asked(claim) for claim in batch]
        by_words = batch[0].origin.startswith("made")  # many sources with a claim or two each
        search = _Search(pool, texts, None if by_words else embedder)
        for number, claim in enumerate(batch):
            order = list(range(len(pool))) if claim.given else search.places(number)
            if claim.origin == "ragtruth" and drawn.random() < 0.3:
                order = search.enough(number)
            yield _window(claim, [pool[at] for at in sorted(within_room(pool, order))])


class _Search:
    """Finds evidence for the claims about one source."""

    def __init__(
        self, pool: Sequence[str], texts: Sequence[str], embedder: Embedder | None
    ) -> None:
        """Index the source; without an embedder words alone decide."""
        self._pool = Pool(pool)
        self._texts = texts
        count = len(pool[:MAX_POOL])
        self._cosines = np.zeros((len(texts), count))
        if embedder is not None:
            vectors = embedder.embed([*texts, *pool[:MAX_POOL]]).astype(float)
            self._cosines = vectors[: len(texts)] @ vectors[len(texts) :].T

    def places(self, number: int) -> list[int]:
        """Return the places of the evidence, best first."""
        cosines = self._cosines[number]
        return choose(self._matches(number)[:, : len(cosines)], cosines)

    def enough(self, number: int) -> list[int]:
        """Return the fewest of them that hold nearly all that was found: as if cited."""
        places, matches = self.places(number), self._matches(number)
        whole = 0.95 * matches[:, places].max(axis=1, initial=0.0).sum()
        for few in range(1, len(places)):
            if matches[:, places[:few]].max(axis=1, initial=0.0).sum() >= whole:
                return places[:few]
        return places

    def _matches(self, number: int) -> Any:  # noqa: ANN401
        return self._pool.matches(self._texts[number])


def _window(claim: Claim, evidence: Sequence[str]) -> Window:
    places, at = [], 0
    for text in evidence:
        places.append((at, at + len(text)))
        at += len(text) + 1
    text = _asked(claim)
    return Window(
        asked=text,
        passage=" ".join(evidence),
        sentences=tuple(places),
        group=claim.group + f"-{at}-{text[:40]}",
        source=claim.origin,
        kind="held" if is_held(claim.group) and not claim.measured_only else "",
        dev=is_dev(claim.group) or claim.measured_only,
        label=claim.label,
        against=says_otherwise(claim.origin, claim.label)
        if claim.against is None
        else claim.against,
        bad=_moved(claim.text, text, claim.bad, before=len(text) - len(bare(claim.text))),
        answer=claim.answer,
    )


def _says_something(claim: Claim) -> bool:
    """Say whether a claim says something: a fragment says it to its question."""
    return bool(bare(claim.text)) and (bool(claim.question) or not is_no_claim(claim.text))


def _asked(claim: Claim) -> str:
    """Return a claim as it is read: its question first, if it answers one."""
    return f"{claim.question.strip()} {bare(claim.text)}".strip()


def _moved(
    text: str, shown: str, bad: tuple[Place, ...] | None, *, before: int
) -> tuple[Place, ...] | None:
    """Bring places in a claim to where the same words stand as it is read; None where lost.

    ``before`` are the characters of the question in front of it.
    """
    if not bad:
        return bad
    found = []
    for start, end in bad:
        piece = " ".join(text[start:end].split())
        at = shown.find(piece, before)
        if at < 0:
            return None
        found.append((at, at + len(piece)))
    return tuple(found)


def _marks(path: Path) -> Iterator[tuple[Place, ...]]:
    """Yield for each claim of RAGTruth the marked characters in it."""
    for row in rows(path):
        for span in claims_of(row["response"]):
            yield tuple(
                (
                    max(mark["start"], span.start) - span.start,
                    min(mark["end"], span.end) - span.start,
                )
                for mark in row["labels"]
                if mark["start"] < span.end and mark["end"] > span.start
            )


def _of_answer(example: Example, bad: tuple[Place, ...]) -> Claim:
    part = PARTLY if example.share < _PART else UNSUPPORTED
    return Claim(
        text=example.claim,
        pool=example.pool,
        label=SUPPORTED if example.supported else part,
        group=example.group,
        origin="ragtruth",
        bad=() if example.supported else bad,
        against=example.conflict,
        answer=example.answer,
    )


def _made(
    data: Path, examples: list[Example], settings: Mapping[str, int], *, seed: int
) -> Iterator[Claim]:
    texts = list(passages(data, examples))
    random.Random(seed).shuffle(texts)
    sentences = [s for group, pool in texts if not is_dev(group) for s in pool]
    maker = Maker(read_words(WORDS), sentences, seed=seed)
    for group, pool in texts[: settings["passages"]]:
        for made in maker.examples(group, pool, each=settings["each"]):
            label = SUPPORTED if made.supported else UNSUPPORTED
            yield Claim(
                text=made.claim,
                pool=made.pool,
                label=PARTLY if made.origin == "made-half" else label,
                group=made.group,
                origin=made.origin,
                given=made.given,
                bad=() if made.supported else _changed(made),
            )


def _across(
    data: Path, examples: list[Example], settings: Mapping[str, int], *, seed: int
) -> Iterator[Claim]:
    """Yield claims whose words stand in the passage, which says something else."""
    drawn = random.Random(f"across {seed}")
    texts = list(passages(data, examples))
    drawn.shuffle(texts)
    for group, pool in texts[: settings["passages"]]:
        for kind, text, true in across.claims(pool, drawn, each=settings["each"]):
            yield Claim(
                text=text,
                pool=pool,
                label=SUPPORTED if true else UNSUPPORTED,
                group=group,
                origin=f"made-{kind}",
                bad=() if true else None,
            )


def _of_records(count: int, *, seed: int) -> Iterator[Claim]:
    """Yield claims about as many drawn records."""
    drawn = random.Random(f"records {seed}")
    for _ in range(count):
        kind = drawn.choice(records.kinds())
        for made in records.claims(kind, drawn):
            part = PARTLY if made.kind == "half" else UNSUPPORTED
            yield Claim(
                text=made.text,
                pool=made.lines,
                label=SUPPORTED if made.supported else part,
                group=f"record-{kind}",
                origin=f"made-record-{made.kind}",
                bad=()
                if made.supported
                else new_words(made.before, made.text)
                if made.before
                else None,
            )


def _changed(made: Example) -> tuple[Place, ...] | None:
    """Return the words that a change brought in, where the change was small."""
    if made.origin in ("made-elsewhere", "made-withheld"):
        return None
    near = max(made.pool, key=lambda s: len(set(s.split()) & set(made.claim.split())))
    places = new_words(near, made.claim)
    share = sum(end - start for start, end in places) / max(1, len(made.claim))
    return places if 0 < share < 0.5 else None


if __name__ == "__main__":
    main()
