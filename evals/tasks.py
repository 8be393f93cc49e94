"""Suites and public benchmarks as Inspect AI tasks: ``inspect view`` shows each case.

    inspect eval evals/tasks.py@suite -T name=article --model none/none
    inspect eval evals/tasks.py@benchmark -T name=squad2 -T data=FOLDER --model none/none

The chatbot answers, not Inspect's model; ``-T model=openai:NAME`` lets a model answer. Cases and
scorers are those of ``chatbot eval``. Every measure is a scorer of its own, with its explanation;
what is unscored, or a measure of all cases together, is NaN, which Inspect counts apart.
"""

from __future__ import annotations

import atexit
import math
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path

import anyio.to_thread
from inspect_ai import Task, task
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

from chatbot.evaluation import Case, CaseResult, Suite, load_suite
from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.open_suite import open_suite
from chatbot.evaluation.report.pages import escape
from chatbot.evaluation.runs import result_of
from chatbot.evaluation.scoring import SCORERS, Scorers
from chatbot.settings import Settings
from chatbot.types import Answer, Verdict
from evals.benchmarks.data_files import Data
from evals.benchmarks.registry import find_benchmark

_RESULT = "chatbot"


@task
def suite(name: str = "article", model: str | None = None) -> Task:
    """Return a suite as a task: a bundled one by its name, or a folder.

    Raises:
        SuiteError: if the suite cannot be loaded.
    """
    return _task(load_suite(name), SCORERS, model)


@task
def benchmark(
    name: str, data: str, limit: int | None = None, seed: int = 0, model: str | None = None
) -> Task:
    """Return a public benchmark as a task; of several stores, the cases of the last.

    Raises:
        SuiteError: if there is no such benchmark, or its data is missing or of another form.
    """
    found = find_benchmark(name)
    source = Data(path=found.find_data(Path(data)) or Path(data), limit=limit, seed=seed)
    return _task(found.suites(source)[-1], found.adapter.scorers, model)


def _task(cases: Suite, scorers: Scorers, model: str | None) -> Task:
    settings = Settings(model=model) if model else Settings()
    return Task(
        dataset=MemoryDataset([_sample(case) for case in cases.accepted], name=cases.name),
        solver=ask_chatbot(_opening(cases, settings), scorers),
        scorer=[measure_scorer(measure) for measure in scorers],
        name=cases.name,
        metadata={"description": cases.description},
    )


Opened = dict[str, AnsweredCase]


def _opening(cases: Suite, settings: Settings) -> Callable[[], Opened]:
    """Return what opens the suite once for a process; it is closed at the end of it."""
    lock = threading.Lock()

    @cache
    def opened() -> Opened:
        stack = ExitStack()
        found = stack.enter_context(open_suite(cases, settings))
        atexit.register(stack.close)
        return {ready.case.id: ready for ready in found.ready}

    def in_turn() -> Opened:
        with lock:
            return opened()

    return in_turn


@solver(name="chatbot")
def ask_chatbot(opening: Callable[[], Opened], scorers: Scorers) -> Solver:
    """Let the chatbot answer, and score it."""

    def result(case_id: str) -> CaseResult:
        return result_of(replace(opening()[case_id]), scorers)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        found = await anyio.to_thread.run_sync(result, str(state.sample_id))
        if found.answer is not None:
            answer = Answer.from_dict(found.answer)
            state.output = ModelOutput.from_content(answer.mode, shown(answer))
            state.output.usage = ModelUsage(
                input_tokens=answer.usage.tokens_in or 0, output_tokens=answer.usage.tokens_out or 0
            )
            state.messages.append(state.output.message)
        plain = {name: (score.value, score.why) for name, score in found.scores.items()}
        state.store.set(_RESULT, {"answer": found.answer, "scores": plain})
        return state

    return solve


def measure_scorer(name: str) -> Scorer:
    """Return the scorer of one measure."""

    @scorer(metrics=[mean(), stderr()], name=name)
    def measured() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            result = state.store.get(_RESULT) or {"scores": {}}
            value, why = result["scores"].get(name, (None, "it is not about this case"))
            return Score(
                value=math.nan if value is None else value,
                answer=state.output.completion,
                explanation=why,
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
