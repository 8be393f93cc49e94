"""Verdicts of claims written by hand about four documents: ``python -m benchmarks.claims``.

Prints what was told wrong and how many were told right. The claims say in other words what a
document says, or nearly what it says; they are in ``claims.yaml``.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from chatbot import Settings, Verdict
from chatbot.answering.check import check_text
from chatbot.answering.grounding import Grounder
from chatbot.models.embedder import load_embedder
from chatbot.models.verifier import load_verifier

ROOT = Path(__file__).parent.parent
CLAIMS = Path(__file__).with_name("claims.yaml")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def main() -> None:
    """Check every claim and print."""
    settings = Settings()
    grounder = Grounder(load_verifier(settings, load_embedder(settings)))
    counts = {"supported": [0, 0], "unsupported": [0, 0]}
    for name, groups in yaml.safe_load(CLAIMS.read_text(encoding="utf-8")).items():
        text = _FRONT_MATTER.sub("", (ROOT / name).read_text(encoding="utf-8"))
        for kind, claims in groups.items():
            for claim in claims:
                found = check_text(claim, [text], grounder=grounder).claims[0]
                passed = found.verdict in (Verdict.QUOTED, Verdict.SUPPORTED)
                right = passed == (kind == "supported")
                counts[kind][0] += right
                counts[kind][1] += 1
                if not right:
                    print(f"{name}: {found.verdict.value} ({found.score:.2f}): {claim}")
    for kind, (right, total) in counts.items():
        print(f"{kind}: {right} of {total} told right")


if __name__ == "__main__":
    main()
