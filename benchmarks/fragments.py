"""Short answers as claims: is the right one supported, and another answer of the passage not?

    python -m benchmarks.fragments DATA [--limit 200]

Data: SQuAD 2.0, as for ``chatbot eval bench squad2``. Each question is checked with its gold answer
and with the gold answer of another question of its paragraph, without and with the question
(``check(text, sources, question=…)``).
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from chatbot import Chatbot, Settings, Verdict
from chatbot.evaluation.statistics import wilson_interval
from evals.benchmarks.data_files import Data
from evals.benchmarks.registry import find_benchmark
from evals.benchmarks.squad2 import Question, read_questions

FILES = ("*.jsonl.gz", "*.jsonl", "dev*.json")
_GOOD = (Verdict.SUPPORTED, Verdict.QUOTED)


def pairs(questions: list[Question], limit: int) -> Iterator[tuple[Question, str, str]]:
    """Yield questions with a right answer and with one of another question, drawn with seed 0."""
    chance = random.Random(0)
    by_paragraph: dict[str, list[Question]] = {}
    for one in questions:
        if one.answers:
            by_paragraph.setdefault(one.paragraph, []).append(one)
    some = [one for group in by_paragraph.values() if len(group) > 1 for one in group]
    for one in chance.sample(some, min(limit, len(some))):
        known = [text.lower() for text in one.texts]
        others = [
            other.texts[0]
            for other in by_paragraph[one.paragraph]
            if not any(
                text in other.texts[0].lower() or other.texts[0].lower() in text for text in known
            )
        ]
        if others:
            yield one, one.texts[0], chance.choice(others)


def drawn_questions(data: Path) -> list[Question]:
    """Return the questions of SQuAD 2.0 in a folder of public sets, or in a file of them."""
    path = find_benchmark("squad2").find_data(data) or data
    return read_questions(Data(path=path, limit=None, seed=0).files(*FILES))


def supported(
    bot: Chatbot, drawn: Sequence[tuple[Question, str, str]], *, asked: bool
) -> tuple[int, int]:
    """Return how many right and wrong answers are supported, with their question or not."""
    right, wrong = (
        sum(
            bot.check(answers[at], [one.paragraph], question=one.question if asked else None)
            .claims[0]
            .verdict
            in _GOOD
            for one, *answers in drawn
        )
        for at in (0, 1)
    )
    return right, wrong


def main() -> None:
    """Check and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int, default=200, help="questions that are drawn")
    options = parser.parse_args()
    questions = drawn_questions(options.data)
    with (
        tempfile.TemporaryDirectory() as folder,
        Chatbot.from_settings(Settings(data_dir=Path(folder), corpus_dir=None)) as bot,
    ):
        drawn = list(pairs(questions, options.limit))
        for asked in (False, True):
            counts = supported(bot, drawn, asked=asked)
            for name, good in zip(
                ("right answers", "answers of another question"), counts, strict=True
            ):
                bounds = wilson_interval(good, len(drawn))
                print(
                    f"{'with' if asked else 'without'} the question, {name}: {good} of "
                    f"{len(drawn)} supported ({bounds.low:.3f} to {bounds.high:.3f})",
                    flush=True,
                )


if __name__ == "__main__":
    main()
