"""Is the right thing refused? CLAPnq and SQuAD 2.0, the passage as the only document.

    python -m benchmarks.refusal [--clapnq FOLDER] [--squad dev_visible.jsonl.gz] [--limit 500]

Each passage is stored in a real store (SQLite and Chroma in a temporary folder), and its questions
are asked with that document chosen. Printed: the share of the unanswerable and of the answerable
questions refused at the shipped threshold, the same at the threshold that holds before a language
model is asked, and the area under the ROC curve of P(answered). CLAPnq: Rosenthal et al. 2024,
arXiv:2404.02103. SQuAD 2.0: Rajpurkar et al. 2018. Measure only.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.retrieval import share
from chatbot.answering.quote import quote_answer
from chatbot.answering.retrieve import Retriever
from chatbot.ingest import Ingest
from chatbot.models.embedder import Embedder, load_embedder
from chatbot.models.reader import Reader, load_reader
from chatbot.settings import Settings
from chatbot.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the document to ask, and whether it answers."""

    question: str
    document: str
    answerable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came out for one case."""

    answerable: bool
    refused: bool
    p_answered: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clapnq", type=Path, help="folder with visible_*.jsonl")
    parser.add_argument("--squad", type=Path, help="SQuAD 2.0 as .jsonl.gz rows")
    parser.add_argument("--limit", type=int, help="only the first SQuAD questions")
    options = parser.parse_args()
    embedder = load_embedder(Settings())
    reader = load_reader(Settings(), embedder)
    if options.clapnq:
        report("CLAPnq, its passage", measure(list(clapnq(options.clapnq)), embedder, reader))
    if options.squad:
        passages = list(squad(options.squad))[: options.limit]
        report("SQuAD 2.0, its paragraph", measure(passages, embedder, reader))
        whole = list(squad(options.squad, whole=True))[: options.limit]
        report("SQuAD 2.0, its whole article", measure(whole, embedder, reader))


def clapnq(folder: Path) -> Iterator[Case]:
    """Yield the cases of CLAPnq."""
    for name, answerable in (("answerable", True), ("unanswerable", False)):
        text = (folder / f"visible_{name}.jsonl").read_text(encoding="utf-8")
        for row in map(json.loads, text.splitlines()):
            passage = row["passages"][0]["text"]
            yield Case(question=row["input"], document=passage, answerable=answerable)


def squad(path: Path, *, whole: bool = False) -> Iterator[Case]:
    """Yield the cases of SQuAD 2.0, against the paragraph or the whole article."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts: dict[str, dict[str, None]] = {}
    for row in rows:
        texts.setdefault(row["title"], {})[row["context"]] = None
    joined = {title: "\n\n".join(contexts) for title, contexts in texts.items()}
    for row in rows:
        document = joined[row["title"]] if whole else row["context"]
        yield Case(question=row["question"], document=document, answerable=not row["impossible"])


def measure(cases: Sequence[Case], embedder: Embedder, reader: Reader) -> list[Result]:
    """Store the documents, ask every question of its document."""
    results = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(
            Path(folder) / "data", embedder=embedder.name, dimension=embedder.dimension
        ) as store,
    ):
        ingest = Ingest(store, embedder)
        ids = {}
        for text in dict.fromkeys(case.document for case in cases):
            report = ingest.add_text(text, title="passage", source=f"passage {len(ids)}")
            ids[text] = (report.added or report.unchanged)[0].id
        retriever = Retriever(store, embedder)
        for case in cases:
            answer = quote_answer(
                case.question, case.question, retriever, reader, documents=[ids[case.document]]
            )
            results.append(
                Result(
                    answerable=case.answerable,
                    refused=answer.refused,
                    p_answered=answer.p_answered,
                )
            )
    return results


def report(name: str, results: Sequence[Result]) -> None:
    """Print the figures of one data set."""
    answerable = [result for result in results if result.answerable]
    others = [result for result in results if not result.answerable]
    print(name)
    print("  unanswerable refused", share(sum(r.refused for r in others), len(others)))
    print("  answerable refused  ", share(sum(r.refused for r in answerable), len(answerable)))
    print(f"  AUROC {area(answerable, others):.3f}   n {len(answerable)} + {len(others)}")


def area(answerable: Sequence[Result], others: Sequence[Result]) -> float:
    """Return the chance that an answerable question gets the higher P(answered)."""
    ranked = sorted([*answerable, *others], key=lambda result: result.p_answered)
    ranks = 0.0
    at = 0
    while at < len(ranked):  # equal values share their mean rank
        end = at
        while end < len(ranked) and ranked[end].p_answered == ranked[at].p_answered:
            end += 1
        ranks += sum(r.answerable for r in ranked[at:end]) * (at + 1 + end) / 2
        at = end
    n, m = len(answerable), len(others)
    return (ranks - n * (n + 1) / 2) / (n * m) if n and m else float("nan")


if __name__ == "__main__":
    main()
