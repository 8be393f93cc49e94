"""What each rule beside the verifier's network is worth: verdicts with that rule switched off.

    python -m benchmarks.ablate_verdicts --data BENCH [--limit 150] [--only RULE …]

Each row has one rule off. Columns: of the labelled claims of real models (``benchmarks.recorded``)
the true and the false ones that are supported; of RAGTruth's held-out answers (``--limit`` of them,
drawn with seed 0) the faithful ones with an alarm and the wrong ones found; of short answers to
questions of SQuAD 2.0 (``benchmarks.fragments``) the right and the wrong ones supported.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.fragments import drawn_questions, pairs, supported
from benchmarks.recorded import GOOD, read, replay
from chatbot import Chatbot, Settings, Verdict
from chatbot.answering import grounding
from chatbot.answering.claims import claimed
from chatbot.answering.grounding import Grounder
from chatbot.models import verifier
from evals.benchmarks.registry import find_benchmark, run_benchmark

Off = tuple[object, str, Callable[..., Any]]
RULES: dict[str, Off] = {
    "a question repeated": (
        grounding, "_repeats", lambda claim: None,
    ),
    "claims held against all, where their markers do not support them": (
        Grounder, "_mended", lambda self, claim, found: found,
    ),
    "fragments read behind their question": (
        grounding, "_as_read", lambda claim: claimed(claim.text),
    ),
    "statements of a claim, for `partly`": (verifier, "parts", lambda claim: (claim,)),
    "what claims nothing": (grounding, "is_no_claim", lambda text: False),
}  # fmt: skip
RAGTRUTH = ("faithful answers with an alarm, as shipped", "answer recall, as shipped")


def measure(data: Path, limit: int) -> list[str]:
    """Return the figures of one row as cells."""
    cells = []
    labelled = [row for row in read() if row.labels]
    found: dict[bool, list[bool]] = {True: [], False: []}
    for done in replay(labelled):
        if done.by_model and not done.answer.refused:
            for claim in done.answer.claims:
                known = done.row.labels.get(claim.text)
                if known is not None and claim.verdict is not Verdict.NO_CLAIM:
                    found[known].append(claim.verdict in GOOD)
    cells += [f"{sum(values)}/{len(values)}" for values in found.values()]
    run = run_benchmark(find_benchmark("ragtruth"), data, Settings(), limit=limit)
    figures = {one.name: one.value for one in run.measures}
    cells += [f"{figures[f'all: {name}'] or 0:.3f}" for name in RAGTRUTH]
    return [*cells, *_fragments(data, limit)]


def _fragments(data: Path, limit: int) -> list[str]:
    drawn = list(pairs(drawn_questions(data), limit))
    with (
        tempfile.TemporaryDirectory() as folder,
        Chatbot.from_settings(Settings(data_dir=Path(folder), corpus_dir=None)) as bot,
    ):
        return [f"{count}/{len(drawn)}" for count in supported(bot, drawn, asked=True)]


def main() -> None:
    """Measure and print the table, line by line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    parser.add_argument("--limit", type=int, default=150)
    parser.add_argument("--only", nargs="*", default=list(RULES), choices=list(RULES))
    options = parser.parse_args()
    print("| off | true claims | false claims | faithful with an alarm | wrong found | right short "
          "answers | wrong short answers |\n|---|---|---|---|---|---|---|", flush=True)  # fmt: skip
    for rule in (None, *options.only):
        with ExitStack() as stack:
            if rule is not None:
                stack.enter_context(patch.object(*RULES[rule]))
            cells = measure(options.data, options.limit)
        print(f"| {rule or 'all on'} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
