"""How fast reader and verifier are: verdicts, and one pass of the network.

    python -m benchmarks.truth_speed [--float FOLDER]

Printed: milliseconds for the verdicts of a written answer of five sentences about the bundled
article, its citations given and its citations to be found; for the check of such an answer against
ever longer sources; and for one pass of the reader over a full window, on one thread. ``FOLDER``
is the same network without rounding, written by ``python -m training.truth.export reader
--float``: then the ratio of the two is printed, pair by pair.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.speed import spread
from chatbot.answering.check import check_text
from chatbot.answering.grounding import ClaimToCheck, Grounder
from chatbot.documents import load_file
from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.models.pair_model import BUILTIN, PairTask, TextPair, load_task
from chatbot.models.verifier import load_verifier
from chatbot.settings import Settings, resource_dir

CLAIMS = (
    ("Between May 2023 and March 2024 Japan gave Ukraine 101 trucks and other vehicles.", "101"),
    ("Nakatani met the Ukrainian defense minister, Rustem Umerov, earlier that day.", "Umerov"),
    ("Rutte said that Ukraine will become a member of NATO.", "aspiration"),
    ("Leaders from Asia and Oceania have been invited to NATO summits since 2022.", "summits"),
    ("Japan sent 250 tanks to Ukraine in 2021.", "101"),
)
"""A claim, and a word of the sentence that it cites."""


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--float", type=Path, help="the reader's network without rounding")
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    verdicts(runs=options.runs)
    long_sources(runs=3)
    passes(BUILTIN, options.float, runs=options.runs)


def verdicts(*, runs: int) -> None:
    """Time the verdicts of one answer, models warm."""
    settings = Settings(model=None)
    embedder = load_embedder(settings)
    sentences = article(embedder)
    cited = [{at: text for at, text in sentences.items() if word in text} for _, word in CLAIMS]
    for name, given in (("cited", cited), ("found", [{} for _ in CLAIMS])):
        grounder = Grounder(load_verifier(settings, embedder))

        def check(number: int, given: object = given, grounder: Grounder = grounder) -> None:
            claims = [
                # Another wording each time: no score may be remembered.
                ClaimToCheck(text=f"{text[:-1]}, number {number}.", cited=one, others=sentences)
                for (text, _), one in zip(CLAIMS, given, strict=True)  # type: ignore[call-overload]
            ]
            grounder.check_claims(claims)

        check(-1)
        print(f"verdicts of 5 claims, evidence {name}, ms: {spread(timed(check, runs=runs))}")
    print("target: median <= 120")


def article(embedder: Embedder) -> dict[int, str]:
    """Return the sentences of the bundled article by their index."""
    found = load_file(resource_dir("corpus") / "article.md", count_tokens=embedder.count_tokens)
    return {sentence.index: sentence.text for sentence in found.sentences}


def long_sources(*, runs: int) -> None:
    """Time the check of one answer against 1,000 to 500,000 words in one and in 50 documents."""
    settings = Settings(model=None)
    embedder = load_embedder(settings)
    grounder = Grounder(load_verifier(settings, embedder))
    sentences = list(article(embedder).values())
    answer = " ".join(claim for claim, _ in CLAIMS)
    for documents, words in ((1, 1_000), (1, 10_000), (50, 10_000)):

        def check(number: int, documents: int = documents, words: int = words) -> None:
            # New sources each time: nothing of them is remembered.
            sources = [long_text(sentences, words, f"{number}.{n}") for n in range(documents)]
            check_text(answer, sources, grounder=grounder)

        spent = statistics.median(timed(check, runs=runs))
        print(
            f"check of 5 claims against {documents} x {words:,} words: {spent:.0f} ms, "
            f"{1000 * spent / (documents * words):.0f} microseconds a word"
        )


def long_text(sentences: Sequence[str], words: int, name: str) -> str:
    """Return a text of so many words: sentences over and over, each with a number of its own."""
    found: list[str] = []
    count = 0
    while count < words:
        for sentence in sentences:
            found.append(f"In report {name}.{len(found)}, {sentence}")
            count += len(found[-1].split())
    return "\n\n".join(found)


def passes(folder: Path, unrounded: Path | None, *, runs: int) -> None:
    """Time the network on one full window, and beside it without rounding."""
    folders = [one for one in (folder, unrounded) if one is not None]
    models = [load_task("reader", one, threads=1) for one in folders]
    passage = " ".join(f"The harbour of Lunden has room for {n} boats." for n in range(40))

    def read(model: PairTask) -> Callable[[int], None]:
        def once(number: int) -> None:
            model.read([TextPair(asked=f"How many boats, {number}?", passage=passage, end=110)])

        return once

    for model in models:
        read(model)(-1)
    pairs = [[timed(read(model), runs=10)[-1] for model in models] for _ in range(runs)]
    print(f"one pass of 128 tokens, ms: {spread([pair[0] for pair in pairs])}")
    if unrounded is not None:
        ratio = statistics.median(slow / fast for fast, slow in pairs)
        print(f"without rounding, ms: {spread([pair[1] for pair in pairs])}, ratio {ratio:.2f}")


def timed(run: Callable[[int], None], *, runs: int) -> list[float]:
    """Return the milliseconds of each of some runs."""
    times = []
    for number in range(runs):
        start = time.perf_counter()
        run(number)
        times.append(1000 * (time.perf_counter() - start))
    return times


if __name__ == "__main__":
    main()
