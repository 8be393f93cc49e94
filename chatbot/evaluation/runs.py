"""Asks the cases of a suite and scores the answers, in a store of the suite's own."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chatbot.bot import Chatbot
from chatbot.errors import ChatbotError, SuiteError
from chatbot.evaluation.cases import Case, Suite
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
        for name, least in self.suite.gates.items():
            value = measures.get(name)
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

    A suite without documents is asked on the store of ``settings``, opened for reading.

    Raises:
        SuiteError: if a document of the suite cannot be added.
    """
    if not suite.documents:
        with Chatbot.from_settings(settings, read_only=True) as bot:
            return _ask_cases(bot, suite, progress)
    with tempfile.TemporaryDirectory(prefix="chatbot-eval-") as folder:
        own = settings.model_copy(update={"data_dir": Path(folder) / "data", "corpus_dir": None})
        with Chatbot.from_settings(own) as bot:
            report = bot.add(*suite.document_paths())
            if report.failed:
                raise SuiteError(f"Suite {suite.name}: {report.failed[0].reason}")
            return _ask_cases(bot, suite, progress)


def _ask_cases(
    bot: Chatbot, suite: Suite, progress: Callable[[int, int], None] | None
) -> SuiteResult:
    results = []
    for number, case in enumerate(suite.cases, start=1):
        results.append(_ask_case(bot, case))
        if progress is not None:
            progress(number, len(suite.cases))
    return SuiteResult(suite=suite, mode=bot.mode, results=tuple(results))


def _ask_case(bot: Chatbot, case: Case) -> CaseResult:
    history = [Turn(role=turn.role, content=turn.content) for turn in case.history]
    try:
        answer = bot.ask(case.question, history=history)
    except ChatbotError as error:
        return CaseResult(case=case, answer=None, scores={"right": 0.0}, error=str(error))
    return CaseResult(case=case, answer=answer, scores=score_answer(case, answer))
