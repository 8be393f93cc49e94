"""Suites as Inspect AI tasks: ``inspect eval`` runs them and ``inspect view`` shows each case.

The chatbot answers, not Inspect's model: run it with ``--model none/none``. Every measure is a
scorer of its own, with its explanation; what is unscored is NaN, which Inspect counts apart.
Needs the ``evals`` extra; nothing else in the program imports this.
"""

from __future__ import annotations

import atexit
import math
import threading
from contextlib import ExitStack
from dataclasses import asdict
from functools import cache

import anyio.to_thread
from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

from chatbot.evaluation.ask_case import ask_case
from chatbot.evaluation.cases import Case, Suite
from chatbot.evaluation.open_suite import OpenSuite, ReadyCase, open_suite
from chatbot.evaluation.report.markdown_text import escape
from chatbot.evaluation.results import result_of
from chatbot.evaluation.saved_run import CaseResult
from chatbot.evaluation.scorers import SCORERS
from chatbot.evaluation.suite_files import load_suite
from chatbot.settings import Settings
from chatbot.types import Answer, Verdict

_RESULT = "chatbot"
_opening = threading.Lock()


def suite_task(name: str, *, model: str | None = None) -> Task:
    """Return a suite as a task.

    Args:
        name: of a bundled suite, or a folder.
        model: lets this model answer instead of ``CHATBOT_MODEL``'s.

    Raises:
        SuiteError: if the suite cannot be loaded.
    """
    suite = load_suite(name)
    return Task(
        dataset=MemoryDataset([_sample(case) for case in suite.accepted], name=suite.name),
        solver=ask_chatbot(suite=name, model=model),
        scorer=[measure_scorer(measure) for measure in SCORERS],
        name=suite.name,
        metadata={"description": suite.description},
    )


@solver(name="chatbot")
def ask_chatbot(suite: str, model: str | None = None) -> Solver:
    """Let the chatbot answer.

    Args:
        suite: whose documents it answers from.
        model: lets this model answer.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        opened, ready = await anyio.to_thread.run_sync(_open, suite, model)
        result = await anyio.to_thread.run_sync(_ask, opened, ready[str(state.sample_id)])
        answer = result.restored_answer()
        assert answer is not None
        usage = ModelUsage(
            input_tokens=answer.usage.tokens_in or 0, output_tokens=answer.usage.tokens_out or 0
        )
        state.output = ModelOutput.from_content(answer.mode, shown(answer))
        state.output.usage = usage
        state.messages.append(state.output.message)
        state.store.set(_RESULT, {"answer": result.answer, "scores": _plain(result)})
        return state

    return solve


def measure_scorer(name: str) -> Scorer:
    """Return the scorer of one measure."""

    @scorer(metrics=[mean(), stderr()], name=name)
    def measured() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            result = state.store.get(_RESULT)
            if result is None:
                return Score(value=math.nan, explanation="the case was not answered")
            found = result["scores"][name]
            value = found["value"]
            return Score(
                value=math.nan if value is None else value,
                answer=state.output.completion,
                explanation=found["why"],
            )

        return score

    return measured()


def shown(answer: Answer) -> str:
    """Return an answer with its citations and verdicts as Markdown in which no text is active."""
    lines = [escape(answer.text)]
    lines += [
        f"- {claim.verdict}{'' if claim.score is None else f' ({claim.score:.2f})'}: "
        f"{escape(claim.text)}"
        for claim in answer.claims
        if claim.verdict is not Verdict.NO_CLAIM
    ]
    lines += [
        f"- \\[{item.marker}\\] {escape(item.text)} ({escape(item.title)}, "
        f"sentence {item.sentence_index + 1})"
        for item in answer.citations
    ]
    if answer.search_query != answer.question:
        lines.append(f"- searched for: {escape(answer.search_query)}")
    if answer.notice:
        lines.append(f"- note: {escape(answer.notice)}")
    return f"{lines[0]}\n\n" + "\n".join(lines[1:])


def _sample(case: Case) -> Sample:
    earlier: list[ChatMessage] = [
        ChatMessageUser(content=turn.content)
        if turn.role == "user"
        else ChatMessageAssistant(content=turn.content)
        for turn in case.history
    ]
    return Sample(
        id=case.id,
        input=[*earlier, ChatMessageUser(content=case.question)],
        target=list(case.expected.answer) or ("(a refusal)" if case.expected.refuse else ""),
        metadata={
            "tags": list(case.tags),
            "expected": case.expected.model_dump(mode="json", exclude_defaults=True),
        },
    )


def _ask(opened: OpenSuite, ready: ReadyCase) -> CaseResult:
    return result_of(ask_case(opened.bot, ready), opened.texts)


def _plain(result: CaseResult) -> dict[str, dict[str, object]]:
    return {name: asdict(score) for name, score in result.scores.items()}


def _open(name: str, model: str | None) -> tuple[OpenSuite, dict[str, ReadyCase]]:
    with _opening:
        return _opened(name, model)


@cache
def _opened(name: str, model: str | None) -> tuple[OpenSuite, dict[str, ReadyCase]]:
    """Open a suite once for a process; it is closed, and its store removed, at the end of it."""
    suite: Suite = load_suite(name)
    settings = Settings(model=model) if model else Settings()
    stack = ExitStack()
    opened = stack.enter_context(open_suite(suite, settings))
    atexit.register(stack.close)
    return opened, {ready.case.id: ready for ready in opened.ready}
