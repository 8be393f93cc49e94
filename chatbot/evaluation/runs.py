"""Runs a suite: asks its cases, some at a time, and comes through whatever happens to one of them.

A case that raises is recorded with its error and the run goes on. An interrupt gives the run as far
as it came, ``complete=False``; given back as ``resume``, only what is missing is asked.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chatbot import __version__
from chatbot.errors import ChatbotError, SuiteError, known_errors
from chatbot.evaluation.ask_case import ask_case
from chatbot.evaluation.cases import Suite
from chatbot.evaluation.claim_judge import Judge
from chatbot.evaluation.fingerprints import data_fingerprint, fingerprint, relevant_settings
from chatbot.evaluation.open_suite import OpenSuite, ReadyCase, open_suite
from chatbot.evaluation.results import failed_result, result_of
from chatbot.evaluation.saved_run import CaseResult, Run, RunHead
from chatbot.settings import Settings

WITH_MODEL = 8
"""Cases asked at once of a model. Quoting uses all cores by itself: there it is one."""
KEEP_EVERY = 2.0
"""Seconds between two looks at ``keep``: what a crash can cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How to run; nothing in it changes an answer, but for the judge's part of the scores."""

    judge: Judge | None = None
    price: tuple[float, float] | None = None
    """Dollars for a million tokens in and out."""
    workers: int | None = None
    """Cases asked at once; None chooses."""
    resume: Run | None = None
    """An incomplete run to go on with."""
    progress: Callable[[int, int], None] | None = None
    """Called with (done, all) after each case."""
    keep: Callable[[Run], None] | None = None
    """Called every few seconds with the run so far."""


def run_suite(suite: Suite, settings: Settings, options: RunOptions | None = None) -> Run:
    """Ask every accepted case of a suite and score the answers.

    Args:
        suite: a suite without documents is asked on the store of ``settings``, read-only.
        settings: what answers; ``data_dir`` and ``corpus_dir`` are replaced where the suite brings
            documents.
        options: how to run.

    Raises:
        SuiteError: if a document cannot be added, evidence is not there, or ``resume`` is a run of
            something else.
    """
    options = options or RunOptions()
    with open_suite(suite, settings) as opened:
        return run_opened(opened, options)


def run_opened(opened: OpenSuite, options: RunOptions) -> Run:
    """Ask the cases of a suite that is open already."""
    head = _head(opened, options)
    done = _taken_over(options.resume, head)
    todo = [ready for ready in opened.ready if ready.case.id not in done]
    before = time.perf_counter() - (options.resume.seconds if options.resume else 0.0)

    def so_far(*, complete: bool) -> Run:
        ordered = tuple(done[r.case.id] for r in opened.ready if r.case.id in done)
        prompts = (result.answer["prompt"] for result in ordered if result.answer)
        return Run(
            head=replace(head, prompt=next((p for p in prompts if p), None)),
            results=ordered,
            complete=complete,
            seconds=time.perf_counter() - before,
        )

    kept = time.monotonic()
    try:
        with _results(opened, todo, options) as results:
            for result in results:
                done[result.id] = result
                if options.progress is not None:
                    options.progress(len(done), len(opened.ready))
                if options.keep is not None and time.monotonic() - kept > KEEP_EVERY:
                    options.keep(so_far(complete=False))
                    kept = time.monotonic()
    except KeyboardInterrupt:
        return so_far(complete=False)
    return so_far(complete=True)


@contextmanager
def _results(
    opened: OpenSuite, todo: Sequence[ReadyCase], options: RunOptions
) -> Iterator[Iterator[CaseResult]]:
    """Give the results as they come; leaving early drops the cases that were not begun."""
    workers = options.workers or (1 if opened.bot.mode == "extractive" else WITH_MODEL)
    if workers == 1:
        yield (_ask(opened, ready, options) for ready in todo)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="chatbot-eval")
    try:
        futures: list[Future[CaseResult]] = [
            pool.submit(_ask, opened, ready, options) for ready in todo
        ]
        yield (future.result() for future in as_completed(futures))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _ask(opened: OpenSuite, ready: ReadyCase, options: RunOptions) -> CaseResult:
    try:
        with known_errors():
            asked = ask_case(opened.bot, ready, judge=options.judge, price=options.price)
            return result_of(asked, opened.texts)
    except ChatbotError as error:
        return failed_result(ready, str(error))


def _taken_over(resume: Run | None, head: RunHead) -> dict[str, CaseResult]:
    """Return what an earlier part of the run found; cases that failed are asked again."""
    if resume is None:
        return {}
    was = resume.head
    same = (was.suite, was.data, was.settings_fingerprint, was.judge, was.version)
    if same != (head.suite, head.data, head.settings_fingerprint, head.judge, head.version):
        raise SuiteError(
            f"The unfinished run of {was.suite} was made with other cases, settings or another "
            "version: start anew, without --resume."
        )
    return {result.id: result for result in resume.results if result.error is None}


def _head(opened: OpenSuite, options: RunOptions) -> RunHead:
    settings = relevant_settings(opened.bot.settings)
    return RunHead(
        suite=opened.suite.name,
        description=opened.suite.description,
        data=data_fingerprint(opened),
        mode=opened.bot.mode,
        judge=options.judge.name if options.judge else None,
        settings=settings,
        settings_fingerprint=fingerprint(settings),
        version=__version__,
        machine=f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores",
        started=datetime.now(UTC).isoformat(timespec="seconds"),
        price=options.price,
    )
