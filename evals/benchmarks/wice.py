"""WiCE: claims of Wikipedia against the pages they cite: supported, partly, not; and by what.

Kamoi et al. 2023 ("WiCE: Real-World Entailment for Claims in Wikipedia"). Data:
data/entailment_retrieval/claim of https://github.com/ryokamoi/wice (JSON lines with ``label,
supporting_sentences, claim, evidence``). Annotations ODC-BY, texts CC BY-SA 4.0 and Common Crawl.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Scorers
from chatbot.types import Check, Verdict
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, Data, gold_of, measured, shortened
from evals.benchmarks.data_files import Row, read_rows
from evals.benchmarks.formulas import detection
from evals.benchmarks.formulas.characters import covered, locate

LABELS = ("supported", "partially_supported", "not_supported")
_GOOD = (Verdict.QUOTED, Verdict.SUPPORTED)
_DEPTHS = (5, 10)
_SCORERS: Scorers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim, the sentences of the page, and the alternative sets of those that support it."""

    text: str
    sentences: tuple[str, ...]
    golds: tuple[frozenset[int], ...]
    label: str


def read_claim(row: Row) -> Claim:
    """Read one row.

    Raises:
        ValueError: if its label is none of WiCE's.
    """
    LABELS.index(row["label"])
    return Claim(
        text=row["claim"],
        sentences=tuple(row["evidence"]),
        golds=tuple(frozenset(chosen) for chosen in row["supporting_sentences"] if chosen),
        label=row["label"],
    )


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every claim with its page, to be checked against it and searched in it."""
    files = data.files("test.jsonl*", "*test*.jsonl*", "*.jsonl*")
    claims = data.sample([read_claim(row) for row in read_rows(files)])
    labels = Counter(one.label for one in claims)
    data.notes.append(", ".join(f"{labels[label]} {label}" for label in LABELS))
    for one in claims:
        page = "\n".join(one.sentences)
        yield BenchmarkCase(
            question=shortened(one.text),
            documents=(page,),
            gold=one,
            texts={page: page},
        )


def _check(asked: AnsweredCase) -> Check:
    one: Claim = gold_of(asked)
    return asked.check(one.text, one.sentences)


def three_way(asked: AnsweredCase) -> str:
    """Return one label for a checked claim that may be several sentences."""
    claims = asked.share(_check).claims
    verdicts = [claim.verdict for claim in claims if claim.verdict is not Verdict.NO_CLAIM]
    if verdicts and all(verdict in _GOOD for verdict in verdicts):
        return "supported"
    if any(not verdict.fails for verdict in verdicts):
        return "partially_supported"
    return "not_supported"


@measured("three-way accuracy", _SCORERS)
def _accuracy(asked: AnsweredCase, one: Claim) -> bool:
    return three_way(asked) == one.label


@measured("three-way macro F1", _SCORERS, total=partial(detection.macro_f1, kinds=LABELS))
def _labels(asked: AnsweredCase, one: Claim) -> tuple[str, str]:
    return one.label, three_way(asked)


@measured("F1 of supported", _SCORERS, total=detection.f1)
def _supported(asked: AnsweredCase, one: Claim) -> detection.Decision:
    return one.label == "supported", three_way(asked) == "supported"


@measured("accuracy, supported or not", _SCORERS)
def _two_way(asked: AnsweredCase, one: Claim) -> bool:
    truth, said = _supported(asked, one)
    return truth == said


@measured("AUROC of supported", _SCORERS, total=detection.auroc)
def _ranked(asked: AnsweredCase, one: Claim) -> detection.Scored | None:
    scores = [claim.score for claim in asked.share(_check).claims if claim.score is not None]
    return (one.label == "supported", min(scores)) if scores else None


@measured("supporting sentences: F1 of the check", _SCORERS)
def _evidence_f1(asked: AnsweredCase, one: Claim) -> float | None:
    found = {place.source for claim in asked.share(_check).claims for place in claim.evidence}
    each = (2 * len(found & gold) / (len(found) + len(gold)) for gold in one.golds)
    return max(each, default=None)


def _recalls(asked: AnsweredCase) -> list[float]:
    """Return the recall of the best gold set among the sentences searched, at each depth."""
    one: Claim = gold_of(asked)
    places = locate(asked.stored(asked.case.documents[0]), one.sentences)
    found = [(s.start, s.end) for s in asked.search(one.text[:2000], limit=max(_DEPTHS))]
    recalls = []
    for depth in _DEPTHS:
        by = found[:depth]
        hits = {at for at, place in enumerate(places) if place and covered(place, by) >= 0.5}
        recalls.append(max(len(hits & gold) / len(gold) for gold in one.golds))
    return recalls


def _register(at: int, depth: int) -> None:
    @measured(f"supporting sentences: recall of {depth} searched", _SCORERS)
    def _recall(asked: AnsweredCase, one: Claim) -> float | None:
        return asked.share(_recalls)[at] if one.golds else None


for _at, _depth in enumerate(_DEPTHS):
    _register(_at, _depth)

ADAPTER = Adapter(cases=_cases, scorers=_SCORERS)
