"""WiCE: claims of Wikipedia against the pages they cite: supported, partly, not; and by what.

Kamoi et al. 2023 ("WiCE: Real-World Entailment for Claims in Wikipedia"). Data:
data/entailment_retrieval/claim of https://github.com/ryokamoi/wice (JSON lines with ``label,
supporting_sentences, claim, evidence``). Annotations ODC-BY, texts CC BY-SA 4.0 and Common Crawl.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Literal, get_args

from pydantic import BaseModel

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.types import CheckedClaim, Verdict
from evals.benchmarks import formulas
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, case_of, measured, once
from evals.benchmarks.data_files import Data

Label = Literal["supported", "partially_supported", "not_supported"]
LABELS: tuple[Label, ...] = get_args(Label)
_GOOD = (Verdict.QUOTED, Verdict.SUPPORTED)
_DEPTHS = (5, 10)


class Claim(BaseModel):
    """A row: a claim, the sentences of the page, and sets of those, each of which supports it."""

    claim: str
    evidence: tuple[str, ...]
    supporting_sentences: tuple[frozenset[int], ...]
    label: Label

    @property
    def golds(self) -> list[frozenset[int]]:
        """The alternative sets that hold a sentence."""
        return [chosen for chosen in self.supporting_sentences if chosen]


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every claim with its page, to be checked against it and searched in it."""
    rows = data.rows("test.jsonl*", "*test*.jsonl*", "*.jsonl*")
    claims = data.sample([Claim.model_validate(row) for row in rows])
    labels = Counter(one.label for one in claims)
    data.notes.append(", ".join(f"{labels[label]} {label}" for label in LABELS))
    for one in claims:
        yield case_of("\n".join(one.evidence), question=one.claim, gold=one)


ADAPTER = Adapter(cases=_cases)


@once
def _checked(asked: AnsweredCase, one: Claim) -> tuple[CheckedClaim, ...]:
    return asked.bot.check(one.claim, one.evidence).claims


def three_way(asked: AnsweredCase, one: Claim) -> Label:
    """Return one label for a checked claim that may be several sentences."""
    claims = _checked(asked, one)
    verdicts = [claim.verdict for claim in claims if claim.verdict is not Verdict.NO_CLAIM]
    if verdicts and all(verdict in _GOOD for verdict in verdicts):
        return "supported"
    if any(not verdict.fails for verdict in verdicts):
        return "partially_supported"
    return "not_supported"


@measured("three-way accuracy", ADAPTER)
def _accuracy(asked: AnsweredCase, one: Claim) -> bool:
    return three_way(asked, one) == one.label


@measured("three-way macro F1", ADAPTER, total=partial(formulas.macro_f1, kinds=LABELS))
def _labels(asked: AnsweredCase, one: Claim) -> tuple[Label, Label]:
    return one.label, three_way(asked, one)


@measured("F1 of supported", ADAPTER, total=formulas.f1)
def _supported(asked: AnsweredCase, one: Claim) -> formulas.Decision:
    return one.label == "supported", three_way(asked, one) == "supported"


@measured("accuracy, supported or not", ADAPTER)
def _two_way(asked: AnsweredCase, one: Claim) -> bool:
    truth, said = _supported(asked, one)
    return truth == said


@measured("AUROC of supported", ADAPTER, total=formulas.auroc)
def _ranked(asked: AnsweredCase, one: Claim) -> formulas.Scored | None:
    scores = [claim.score for claim in _checked(asked, one) if claim.score is not None]
    return (one.label == "supported", min(scores)) if scores else None


@measured("supporting sentences: F1 of the check", ADAPTER)
def _evidence_f1(asked: AnsweredCase, one: Claim) -> float | None:
    found = frozenset(p.source for claim in _checked(asked, one) for p in claim.evidence)
    return max((formulas.overlap_of_sets(found, gold).f1 for gold in one.golds), default=None)


@once
def _found(asked: AnsweredCase, one: Claim) -> list[formulas.Place]:
    return formulas.places_of(asked.search(one.claim[:2000], limit=max(_DEPTHS)))


for _depth in _DEPTHS:

    @measured(f"supporting sentences: recall of {_depth} searched", ADAPTER)
    def _recall(asked: AnsweredCase, one: Claim, depth: int = _depth) -> float | None:
        """Return the recall of the best gold set among the first sentences found."""
        text = asked.text_of(asked.case.documents[0])
        hits = formulas.covered(text, one.evidence, _found(asked, one)[:depth])
        return max(
            (formulas.overlap_of_sets(hits, gold).recall for gold in one.golds), default=None
        )
