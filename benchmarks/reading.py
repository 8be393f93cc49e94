"""Answers and verdicts about four documents, to be read: ``python -m benchmarks.reading``.

Prints the quoted answers and the verdicts that are wrong, and how many are right. Questions and
claims were written by hand, in other words than the documents'; they are in ``reading.yaml``, and
84 more claims, about the article and a second text, in ``benchmarks/grounding_cases.py``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from benchmarks.grounding_cases import HELD_OUT, TUNING
from chatbot import Chatbot, Settings, Verdict

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).with_name("reading.yaml")
_GOOD = (Verdict.QUOTED, Verdict.SUPPORTED)


def main() -> None:
    """Ask and check everything, and print."""
    answers: list[bool] = []
    claims: dict[str, list[bool]] = {"supported": [], "unsupported": []}
    for name, cases in yaml.safe_load(CASES.read_text(encoding="utf-8")).items():
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder), corpus_dir=None, model=None)
            with Chatbot.from_settings(settings) as bot:
                (known,) = bot.add(str(ROOT / name)).added
                answers += ask(bot, cases["answers"])
                text = bot.document(known.id).text
                for kind, right in claims.items():
                    right += check(bot, cases[kind], text, good=kind == "supported")
    print(f"answers: {sum(answers)} of {len(answers)} right")
    for name, found in (("claims", claims), ("claims of the tests", check_cases())):
        for kind, right in found.items():
            print(f"{name} that are {kind}: {sum(right)} of {len(right)} told right")


def ask(bot: Chatbot, questions: Mapping[str, str | None]) -> list[bool]:
    """Say of each question whether the right sentence was quoted, or rightly none."""
    right = []
    for question, words in questions.items():
        answer = bot.ask(question)
        right.append(answer.refused if words is None else words in answer.text)
        if not right[-1]:
            said = "refused" if answer.refused else answer.text[:100]
            print(f"{question}\n    {said}")
    return right


def check_cases() -> dict[str, list[bool]]:
    """Say of each claim of the tests whether its verdict is right."""
    claims: dict[str, list[bool]] = {"supported": [], "unsupported": []}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), corpus_dir=None, model=None)
        with Chatbot.from_settings(settings) as bot:
            for case in (*TUNING, *HELD_OUT):
                kind = "supported" if case.supported else "unsupported"
                text = "\n\n".join(case.text)
                claims[kind] += check(bot, [case.claim], text, good=case.supported)
    return claims


def check(bot: Chatbot, claims: Sequence[str], text: str, *, good: bool) -> list[bool]:
    """Say of each claim whether its verdict is right."""
    right = []
    for claim in claims:
        found = bot.check(claim, [text]).claims[0]
        right.append((found.verdict in _GOOD) == good)
        if not right[-1]:
            print(f"{claim}\n    {found.verdict.value}")
    return right


if __name__ == "__main__":
    main()
