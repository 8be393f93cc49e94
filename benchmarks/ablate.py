"""What each deciding part is worth: suites and identifiers with that part switched off.

    python -m benchmarks.ablate [--out docs/ablations.md] [--data FOLDER] [--only PART …]

Each row has one part off. Printed for each suite: cases right, in the first row with their 95 %
interval; of identifiers that stand in a document those answered right, and of others those refused
(``benchmarks.identifiers``, the fourth set of forms in three layouts); of made tables, lists, dates
and documents that differ the questions answered right (``benchmarks.layouts``); of the suites of
talk the cases of which all that they ask for holds. With the public data at hand (``--data``, as
for ``chatbot eval bench``) also 200 questions of SQuAD 2.0 and 60 of CLAPnq, drawn with seed 0.
Beside them: the lines of code that the part costs. A part whose rows do not fall is to go.
"""

from __future__ import annotations

import argparse
import inspect
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks import layouts
from benchmarks.identifiers import FOURTH, outcomes
from chatbot import Settings
from chatbot.answering import answer, find, quoting, several, tables
from chatbot.answering.computing import counts_another
from chatbot.answering.differing import differing
from chatbot.answering.judging import AnswerJudgement, Judge
from chatbot.answering.question import plain_query, stand_alone
from chatbot.answering.retrieve import Retriever
from chatbot.answering.talk import intent
from chatbot.answering.talk.manners import QUESTION, Manners
from chatbot.answering.titles import document_by_age, named_document
from chatbot.answering.tuning import TUNING
from chatbot.evaluation import load_suite, run_suite
from chatbot.evaluation.statistics import wilson_interval
from chatbot.models.linear import sigmoid
from evals.benchmarks.registry import find_benchmark, run_benchmark

SUITES = ("article", "article-copy", "followup", "refusal")
TALK = ("manners", "overview", "collection", "differ")
DRAWN = {"squad2": 200, "clapnq": 60}
"""Public benchmarks, and how many of their questions are asked."""
SHOWN = {
    ("squad2", "F1"): "SQuAD 2.0: F1",
    ("squad2", "AUROC of answerable"): "SQuAD 2.0: AUROC",
    ("clapnq", "sentence F1"): "CLAPnq: sentence F1",
    ("clapnq", "AUROC of answerable"): "CLAPnq: AUROC",
}
"""Of their measures those that are shown, with the heads of their columns."""
Off = Callable[[ExitStack], Any]


def _set(target: object, name: str, value: object) -> Off:
    return lambda stack: stack.enter_context(patch.object(target, name, value))


def _raw(_self: Judge, sentences: Any) -> AnswerJudgement:  # noqa: ANN401
    logits = [one.reading.sentence for one in sentences]
    scores = tuple(float(sigmoid(logit)) for logit in logits)
    return AnswerJudgement(p_answered=max(scores, default=0.0), scores=scores)


def _in_retrieval_order(self: Judge, sentences: Any) -> AnswerJudgement:  # noqa: ANN401
    judged = _judge(self, sentences)
    return replace(judged, scores=tuple(1 / (2 + at) for at in range(len(sentences))))


_judge = Judge.judge
PARTS: dict[str, tuple[Off, tuple[Callable[..., Any], ...]]] = {
    "anchors: identifiers, dates, numbers": (
        _set(find, "_eligible", lambda asked, named, found: list(found.hits)),
        (find._eligible,),
    ),
    "questions that name nothing known": (
        _set(find, "_names_nothing_known", lambda *_: False),
        (find._names_nothing_known,),
    ),
    "the count of another thing": (
        _set(find, "counts_another", lambda *_: False),
        (counts_another,),
    ),
    "things that a question fits equally": (
        _set(quoting, "things", lambda *_: []),
        (several.things, several._documents, several._sections, several._rivals),
    ),
    "rows that another row outdoes": (
        _set(tables, "outdone", lambda *_: frozenset()),
        (tables.outdone, tables._fit),
    ),
    "rows read with their headers": (
        _set(find, "_row_of", lambda hit: None),
        (find._row_of, tables.read_row),
    ),
    "threshold of what is named": (
        _set(find.Finder, "_least", lambda self, *_: self._judge.threshold),
        (find.Finder._least,),
    ),
    "the regressions: the network's sentence logit alone": (
        _set(Judge, "judge", _raw),
        (Judge.judge,),
    ),
    "the judge's order: retrieval's order instead": (_set(Judge, "judge", _in_retrieval_order), ()),
    "follow-ups: the last question alone": (
        _set(answer, "stand_alone", lambda question, *_, **__: plain_query(question)),
        (stand_alone,),
    ),
    "spelling": (
        _set(Retriever, "respelled", lambda self, query, **_: query),
        (Retriever.respelled,),
    ),
    "lists with their items": (_set(quoting, "_items", lambda *_: []), (quoting._items,)),
    "answers computed from rows": (
        _set(quoting, "_over_rows", lambda *_: None),
        (quoting._over_rows,),
    ),
    "documents that differ": (_set(quoting, "differing", lambda *_: []), (differing,)),
    "requests known by their form": (_set(intent, "_formed", lambda *_: None), (intent._formed,)),
    "messages known by examples": (
        _set(Manners, "kind_of", lambda *_: QUESTION),
        (Manners.kind_of,),
    ),
    "documents named by their day": (
        _set(find, "document_by_age", lambda *_: None),
        (document_by_age,),
    ),
    "documents named by their titles": (
        _set(find, "named_document", lambda *_: None),
        (named_document,),
    ),
    "follow-ups taken one way": (
        _set(answer, "stand_alone", lambda *a, **k: replace(stand_alone(*a, **k), other=None)),
        (),
    ),
    "what a sentence leans on": (
        _set(quoting, "_leaned_on", lambda *_: None),
        (quoting._leaned_on,),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The figures with one part switched off."""

    part: str
    lines: int
    right: dict[str, tuple[int, int]]
    scores: dict[str, float]
    """Of the public benchmarks, by the heads of their columns."""


@contextmanager
def switched_off(part: str | None) -> Iterator[None]:
    """Run a block without a part; None leaves all on."""
    with ExitStack() as stack:
        if part is not None:
            PARTS[part][0](stack)
        yield


def measure(part: str | None, data: Path | None) -> Row:
    """Run suites, identifiers, made layouts and, with their data, benchmarks without a part."""
    right: dict[str, tuple[int, int]] = {}
    drawn: dict[str, float] = {}
    with switched_off(part), tempfile.TemporaryDirectory() as folder:
        for name in (*SUITES, *TALK):
            run = run_suite(load_suite(name), Settings(data_dir=Path(folder) / name))
            measured = "as_expected" if name in TALK else "right"
            scores = [result.value(measured) for result in run.results]
            known = [value for value in scores if value is not None]
            right[name] = (int(sum(known)), len(known))
        found = list(outcomes(FOURTH, each=3, absent=2, layouts=("prose", "table", "records")))
        for present, name in ((True, "identifiers there"), (False, "identifiers not there")):
            some = [one.right for one in found if one.present is present]
            right[name] = (sum(some), len(some))
        made = [right for _, right in layouts.outcomes(each=4)]
        right["made layouts"] = (sum(made), len(made))
        if data is not None:
            drawn = _drawn(data)
    functions = PARTS[part][1] if part is not None else ()
    lines = sum(map(_lines, functions))
    return Row(part=part or "all on", lines=lines, right=right, scores=drawn)


def _drawn(data: Path) -> dict[str, float]:
    scores = {}
    for name, limit in DRAWN.items():
        run = run_benchmark(find_benchmark(name), data, Settings(), limit=limit)
        for one in run.measures:
            if (head := SHOWN.get((name, one.name))) and one.value is not None:
                scores[head] = one.value
    return scores


def _lines(function: Callable[..., Any]) -> int:
    return len(inspect.getsource(function).splitlines())


def table(rows: list[Row]) -> Iterator[str]:
    """Yield the lines of the Markdown table, the first row with its intervals."""
    names = list(rows[0].right)
    heads = [*names, *rows[0].scores]
    yield f"| off | lines | {' | '.join(heads)} |"
    yield f"|---|---|{'---|' * len(heads)}"
    for at, row in enumerate(rows):
        cells = []
        for name in names:
            count, total = row.right[name]
            cell = f"{count}/{total}"
            if at == 0:
                bounds = wilson_interval(count, total)
                cell += f" ({bounds.low:.2f} to {bounds.high:.2f})"
            else:
                cell += f" ({count - rows[0].right[name][0]:+d})"
            cells.append(cell)
        for name, score in row.scores.items():
            change = "" if at == 0 else f" ({score - rows[0].scores[name]:+.3f})"
            cells.append(f"{score:.3f}{change}")
        yield f"| {row.part} | {row.lines or ''} | {' | '.join(cells)} |"


def main() -> None:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, help="write the table into this Markdown file")
    parser.add_argument("--data", type=Path, help="folder of the public benchmarks' data")
    parser.add_argument("--only", nargs="*", default=list(PARTS), choices=list(PARTS))
    options = parser.parse_args()
    rows = []
    for part in (None, *options.only):
        rows.append(measure(part, options.data))
        print(*list(table(rows))[-1:], sep="\n", flush=True)
    if options.out:
        head = f"# What each deciding part is worth\n\n{_ABOUT}\n\n"
        options.out.write_text(head + "\n".join(table(rows)) + "\n", encoding="utf-8")


_ABOUT = f"""Made by `python -m benchmarks.ablate --out docs/ablations.md`, with one part switched
off in each row: cases right in each suite, of the four suites of talk those of which all that they
ask for holds, identifiers of the fourth set, and made tables, lists, dates and documents that
differ; of SQuAD 2.0 (200 questions drawn from the visible half of dev) and CLAPnq (60) what is
named. A part stays while its row falls where it is meant to; one that is within the noise of every
column is to be deleted. At most {TUNING.read} sentences are read for a question."""


if __name__ == "__main__":
    main()
