"""ACL-Verbatim: which words of a passage of a paper answer a query typed into a search box.

Data: 333_20260206_dense_top5_20260305.json of https://github.com/KRLabsOrg/acl-verbatim (JSON
lines: a query and five passages found for it, with the places that people marked). Apache-2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.scoring import Scorers
from evals.benchmarks.benchmark import (
    Adapter,
    BenchmarkCase,
    Data,
    expected,
    gold_of,
    measure_refusals,
    measured,
)
from evals.benchmarks.data_files import Row, read_rows
from evals.benchmarks.formulas.characters import Overlap, covered, locate

_WORD = re.compile(r"\S+")
_SCORERS: Scorers = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A query, a passage found for it, and what of it answers."""

    query: str
    text: str
    marked: tuple[str, ...]


def read_passages(row: Row) -> Iterator[Passage]:
    """Yield the passages of one query."""
    for one in row["results"]:
        yield Passage(query=row["query"], text=one["chunk"], marked=tuple(one["gold_extraction"]))


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every passage with its query, which is asked of it alone."""
    files = data.files("333_*.json", "*.json*")
    for one in data.sample([one for row in read_rows(files) for one in read_passages(row)]):
        yield BenchmarkCase(
            question=one.query,
            documents=(one.text,),
            expected=expected(one.marked),
            gold=one,
            texts={one.text: one.text},
        )


def _words(asked: AnsweredCase) -> Overlap:
    """Count the words of the passage that were cited, that are marked, and both."""
    one: Passage = gold_of(asked)
    stored = asked.stored(asked.case.documents[0])
    # Those who marked them wrote some in capitals.
    marked = [place for place in locate(stored.lower(), [m.lower() for m in one.marked]) if place]
    cited = [(citation.start, citation.end) for citation in asked.answer.citations]
    words = [word.span() for word in _WORD.finditer(stored)]
    found, gold = ([bool(covered(word, by)) for word in words] for by in (cited, marked))
    both = sum(map(min, zip(found, gold, strict=True)))
    return Overlap(both, sum(found), sum(gold))


def _sum(counts: Sequence[Overlap]) -> Overlap:
    return sum(counts, Overlap())


@measured("word F1", _SCORERS, total=lambda counts: _sum(counts).f1)
def _f1(asked: AnsweredCase, _: Passage) -> Overlap:
    return asked.share(_words)


@measured("word precision", _SCORERS, total=lambda counts: _sum(counts).precision)
def _precision(asked: AnsweredCase, _: Passage) -> Overlap:
    return asked.share(_words)


@measured("word recall", _SCORERS, total=lambda counts: _sum(counts).recall)
def _recall(asked: AnsweredCase, _: Passage) -> Overlap:
    return asked.share(_words)


measure_refusals(_SCORERS)
ADAPTER = Adapter(cases=_cases, scorers=_SCORERS)
