"""WiCE: claims of Wikipedia against the pages they cite: supported, partly, not; and by what.

Kamoi et al. 2023 ("WiCE: Real-World Entailment for Claims in Wikipedia"). Data:
data/entailment_retrieval/claim of https://github.com/ryokamoi/wice (JSON lines with ``label,
supporting_sentences, claim, evidence``). Annotations ODC-BY, texts CC BY-SA 4.0 and Common Crawl.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.errors import SuiteError
from chatbot.evaluation.measures import Measure, mean, overall, rate
from chatbot.evaluation.metrics import detection
from chatbot.evaluation.metrics.characters import covered
from chatbot.types import Check, Verdict
from evals.benchmarks.benchmark import Benchmark, Bot, Measured, Published
from evals.benchmarks.data_files import Row, read_rows
from evals.benchmarks.work import Work, add_texts, locate, stored_texts

LABELS = ("supported", "partially_supported", "not_supported")
_GOOD = (Verdict.QUOTED, Verdict.SUPPORTED)
_DEPTHS = (5, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim, the sentences of the page, and the alternative sets of those that support it."""

    text: str
    sentences: tuple[str, ...]
    golds: tuple[frozenset[int], ...]
    label: str

    @property
    def page(self) -> str:
        """The page as one text."""
        return "\n".join(self.sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What came out for one claim."""

    label: str
    said: str
    p_supported: float | None
    evidence_f1: float | None
    recalls: tuple[float, ...] | None


def read_claim(row: Row) -> Claim:
    """Read one row.

    Raises:
        SuiteError: if it is not of WiCE's form.
    """
    try:
        claim = Claim(
            text=row["claim"],
            sentences=tuple(row["evidence"]),
            golds=tuple(frozenset(chosen) for chosen in row["supporting_sentences"] if chosen),
            label=row["label"],
        )
    except (KeyError, TypeError) as error:
        raise SuiteError(f"A row is not of WiCE's form: {error!r}.") from error
    if claim.label not in LABELS:
        raise SuiteError(f"A row is not of WiCE's form: its label is {claim.label!r}.")
    return claim


def measure(work: Work) -> Measured:
    """Check every claim against its page, and search the page for it."""
    files = work.files("test.jsonl*", "*test*.jsonl*", "*.jsonl*")
    everything = [read_claim(row) for row in read_rows(files)]
    claims = work.sample(everything)
    with work.bot() as bot:
        ids = add_texts(bot, {one.page: one.page for one in claims})
        stored = stored_texts(bot)
        scores = work.map(lambda one: _score(bot, one, ids[one.page], stored), claims)
    found = [one for one in scores if one is not None]
    labels = Counter(one.label for one in found)
    share = ", ".join(f"{labels[label]} {label}" for label in LABELS)
    return Measured(
        cases=len(claims), available=len(everything), figures=figures(found), notes=(share,)
    )


def _score(bot: Bot, one: Claim, document: str, stored: dict[str, str]) -> Scores:
    check = bot.check(one.text, list(one.sentences))
    evidence = {place.source for claim in check.claims for place in claim.evidence}
    recalls: tuple[float, ...] | None = None
    if one.golds:
        places = locate(stored[document], one.sentences)
        found = bot.search(one.text[:2000], limit=max(_DEPTHS), documents=[document])
        recalls = tuple(
            _recall(
                {at for at, place in enumerate(places) if place and covered(place, by) >= 0.5}, one
            )
            for by in ([(s.start, s.end) for s in found[:depth]] for depth in _DEPTHS)
        )
    scores = [claim.score for claim in check.claims if claim.score is not None]
    return Scores(
        label=one.label,
        said=three_way(check),
        p_supported=min(scores) if scores else None,
        evidence_f1=max((_f1(evidence, gold) for gold in one.golds), default=None),
        recalls=recalls,
    )


def three_way(check: Check) -> str:
    """Return one label for a checked claim that may be several sentences."""
    verdicts = [claim.verdict for claim in check.claims if claim.verdict is not Verdict.NO_CLAIM]
    if verdicts and all(verdict in _GOOD for verdict in verdicts):
        return "supported"
    if any(verdict is not Verdict.UNSUPPORTED for verdict in verdicts):
        return "partially_supported"
    return "not_supported"


def _f1(found: set[int], gold: frozenset[int]) -> float:
    return 2 * len(found & gold) / (len(found) + len(gold))


def _recall(found: set[int], one: Claim) -> float:
    return max(len(found & gold) / len(gold) for gold in one.golds)


def figures(scores: Sequence[Scores]) -> tuple[Measure, ...]:
    """Return the figures over all claims."""
    pairs = [(one.label, one.said) for one in scores]
    supported = [(label == "supported", said == "supported") for label, said in pairs]
    ranked = [
        (one.label == "supported", one.p_supported) for one in scores if one.p_supported is not None
    ]
    return (
        rate("three-way accuracy", [label == said for label, said in pairs]),
        overall("three-way macro F1", lambda some: detection.macro_f1(some, LABELS), pairs),
        overall("F1 of supported", detection.f1, supported),
        rate("accuracy, supported or not", [truth == said for truth, said in supported]),
        overall("AUROC of supported", detection.auroc, ranked),
        mean("supporting sentences: F1 of the check", [one.evidence_f1 for one in scores]),
        *(
            mean(
                f"supporting sentences: recall of {depth} searched",
                [one.recalls[at] if one.recalls else None for one in scores],
            )
            for at, depth in enumerate(_DEPTHS)
        ),
    )


BENCHMARK = Benchmark(
    name="wice",
    title="WiCE",
    about=(
        "Each claim is checked against all sentences of the page it cites, with no help in finding "
        "them. The verdicts give the label; the sentences that the check names, and those that a "
        "search for the claim finds, are held against the best of the alternative gold sets."
    ),
    measure=measure,
    paper="Kamoi et al. 2023, arXiv:2303.01432",
    home="https://github.com/ryokamoi/wice (data/entailment_retrieval/claim)",
    licence="annotations ODC-BY, texts CC BY-SA 4.0 and the terms of Common Crawl",
    files=("wice/test.jsonl*", "wice", "train/wice_dev.jsonl.gz"),
    published=tuple(
        Published(
            system=system,
            figures=figures_,
            source="https://github.com/ryokamoi/wice (code_and_resources/model_outputs)",
        )
        for system, figures_ in (
            ("T5-3B, trained on ANLI", "F1 of supported 61.8, accuracy 74.0"),
            ("T5-3B, trained on ANLI and WiCE", "F1 of supported 77.8, accuracy 88.0"),
            ("GPT-3.5", "F1 of supported 39.3, accuracy 32.0"),
            ("GPT-4", "F1 of supported 61.0, accuracy 77.0"),
        )
    ),
    comparable=(
        "Published on 100 test claims with the right sentences given (oracle retrieval). The dev "
        "part may be trained on here: a figure on it says little."
    ),
)
