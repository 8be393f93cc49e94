"""ACL-Verbatim: which words of a passage of a paper answer a query typed into a search box.

Data: 333_20260206_dense_top5_20260305.json of https://github.com/KRLabsOrg/acl-verbatim (JSON
lines: a query and five passages found for it, with the places that people marked). Apache-2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chatbot.evaluation.answered_case import AnsweredCase
from evals.benchmarks.benchmark import Adapter, BenchmarkCase, case_of, measured, once
from evals.benchmarks.data_files import Data
from evals.benchmarks.formulas import Overlap, locate, overlap, places_of

_WORD = re.compile(r"\S+")


def _cases(data: Data) -> Iterator[BenchmarkCase]:
    """Yield every passage with its query, which is asked of it alone."""
    rows = data.rows("333_*.json", "*.json*")
    passages = [(row["query"], passage) for row in rows for passage in row["results"]]
    for query, passage in data.sample(passages):
        marked = passage["gold_extraction"]
        yield case_of(passage["chunk"], question=query, answers=marked, gold=marked)


ADAPTER = Adapter(cases=_cases)


@once
def _words(asked: AnsweredCase, marked: Sequence[str]) -> Overlap:
    """Count the words of the passage that were cited, that are marked, and both."""
    text = asked.text_of(asked.case.documents[0])
    # Those who marked them wrote some in capitals.
    wanted = [place for place in locate(text.lower(), [m.lower() for m in marked]) if place]
    cited = places_of(asked.answer.citations)
    words = [word.span() for word in _WORD.finditer(text)]
    found, gold = ([bool(overlap([word], by).common) for word in words] for by in (cited, wanted))
    return Overlap(sum(map(min, found, gold)), sum(found), sum(gold))


for _name in ("F1", "precision", "recall"):

    def _total(counts: Sequence[Overlap], share: str = _name.lower()) -> float:
        return float(getattr(sum(counts, Overlap()), share))

    measured(f"word {_name}", ADAPTER, total=_total)(_words)

ADAPTER.measure_refusals()
