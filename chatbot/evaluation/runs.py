"""Asks the cases of a suite and scores the answers, in a store of the suite's own."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from chatbot.bot import Chatbot
from chatbot.errors import ChatbotError
from chatbot.evaluation.cases import Case, Suite
from chatbot.evaluation.opening import ReadyCase, open_suite
from chatbot.evaluation.scorers import Scores, score_answer
from chatbot.settings import Settings
from chatbot.types import Answer, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case with its answer and scores; ``error`` instead when it could not be asked."""

    case: Case
    answer: Answer | None
    scores: Scores
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteResult:
    """The results of a suite, in the order of its cases."""

    suite: Suite
    mode: str
    results: tuple[CaseResult, ...]

    def measures(self) -> dict[str, tuple[float, int]]:
        """Return for each measure its mean over the scored cases and their number."""
        values: dict[str, list[float]] = {}
        for result in self.results:
            for name, score in result.scores.items():
                if score is not None:
                    values.setdefault(name, []).append(score)
        return {name: (statistics.fmean(scores), len(scores)) for name, scores in values.items()}

    def failed_gates(self) -> list[str]:
        """Return a sentence for each gate that does not hold; an unscored measure fails too."""
        measures = self.measures()
        failures = []
        for name, gate in self.suite.gates.items():
            value, least = measures.get(name), gate.at_least or 0.0
            if value is None:
                failures.append(
                    f"{self.suite.name}: {name} is unscored, at least {least} is asked."
                )
            elif value[0] < least:
                failures.append(
                    f"{self.suite.name}: {name} is {value[0]:.3f}, at least {least} is asked."
                )
        return failures


def run_suite(
    suite: Suite, settings: Settings, *, progress: Callable[[int, int], None] | None = None
) -> SuiteResult:
    """Ask every case in a fresh store that holds the suite's documents alone.

    Raises:
        SuiteError: if a document of the suite cannot be added or its evidence is not there.
    """
    with open_suite(suite, settings) as opened:
        results = []
        for number, ready in enumerate(opened.ready, start=1):
            results.append(_ask_case(opened.bot, ready))
            if progress is not None:
                progress(number, len(opened.ready))
        return SuiteResult(suite=suite, mode=opened.bot.mode, results=tuple(results))


def _ask_case(bot: Chatbot, ready: ReadyCase) -> CaseResult:
    case = ready.case
    history = [Turn(role=turn.role, content=turn.content) for turn in case.history]
    try:
        answer = bot.ask(case.question, history=history, documents=ready.document_ids)
    except ChatbotError as error:
        return CaseResult(case=case, answer=None, scores={"right": 0.0}, error=str(error))
    return CaseResult(case=case, answer=answer, scores=score_answer(case, answer))
