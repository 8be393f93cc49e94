"""Runs a suite: asks its cases, some at a time, and comes through whatever happens to one of them.

A case that raises is recorded with its error and the run goes on. An interrupt gives the run as far
as it came, ``complete=False``; given back as ``resume``, only what is missing is asked.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from chatbot.bot import Chatbot
from chatbot.errors import ChatbotError, SuiteError, known_errors
from chatbot.evaluation.answered_case import AnsweredCase
from chatbot.evaluation.claim_judge import ClaimJudge
from chatbot.evaluation.open_suite import OpenBot, OpenSuite, open_suite
from chatbot.evaluation.saved_run import CaseResult, Run, RunHead
from chatbot.evaluation.scorers import score_case
from chatbot.evaluation.scoring import SCORERS, Scorers, Scores
from chatbot.evaluation.suites import Case, Expected, Suite
from chatbot.settings import Settings
from chatbot.types import Turn
from chatbot.version import __version__

WITH_MODEL = 8
"""Cases asked at once of a model. Quoting uses all cores by itself: there it is one."""
KEEP_EVERY = 2.0
"""Seconds between two looks at ``keep``: what a crash can cost."""
_RELEVANT = {
    *("model", "strict", "temperature", "embedding_model"),
    *("max_evidence_tokens", "max_answer_tokens", "max_question_chars"),
}
"""Settings that can change an answer and are no secret, no path and no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How to run; nothing in it changes an answer, but for the judge's part of the scores."""

    judge: ClaimJudge | None = None
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
    scorers: Scorers = field(default_factory=lambda: SCORERS)
    """What scores the cases: the scorers of suites, or of a benchmark."""
    open_bot: OpenBot = Chatbot.from_settings
    """Opens what is measured."""


def run_suite(suite: Suite, settings: Settings, options: RunOptions | None = None) -> Run:
    """Ask every accepted case of a suite and score the answers.

    A suite without documents is asked on the store of ``settings``, read-only; else the settings
    say what answers, over a store of its own. SuiteError if a document cannot be added, if evidence
    is not there, or if ``resume`` is a run of something else.
    """
    options = options or RunOptions()
    with open_suite(suite, settings, options.open_bot) as opened:
        return _run(opened, options, _head(suite, opened, settings, options))


def _run(opened: OpenSuite, options: RunOptions, head: RunHead) -> Run:
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
    workers = options.workers or (1 if head.mode == "extractive" else WITH_MODEL)
    with ThreadPoolExecutor(workers, thread_name_prefix="chatbot-eval") as pool:
        try:
            for future in as_completed([pool.submit(_ask, ready, options) for ready in todo]):
                done[future.result().id] = future.result()
                if options.progress is not None:
                    options.progress(len(done), len(opened.ready))
                if options.keep is not None and time.monotonic() - kept > KEEP_EVERY:
                    options.keep(so_far(complete=False))
                    kept = time.monotonic()
        except KeyboardInterrupt:
            return so_far(complete=False)
        finally:
            pool.shutdown(cancel_futures=True)
    return so_far(complete=True)


def _ask(ready: AnsweredCase, options: RunOptions) -> CaseResult:
    try:
        with known_errors():
            asked = replace(ready, judge=options.judge, price=options.price)
            return result_of(asked, options.scorers)
    except ChatbotError as error:
        return replace(_result(ready.case, {}, ready.case.history), error=str(error))


def _result(case: Case, scores: Scores, turns: Iterable[Turn] = ()) -> CaseResult:
    return CaseResult(
        id=case.id,
        question=case.question,
        history=tuple((turn.role, turn.content) for turn in turns),
        tags=case.tags,
        expected=case.expected.model_dump(mode="json", exclude_defaults=True),
        group=case.group,
        scores=scores,
    )


def result_of(asked: AnsweredCase, scorers: Scorers = SCORERS) -> CaseResult:
    """Score a case: ask what its scorers look at, and keep what a run remembers of it."""
    scores, known = score_case(asked, scorers), vars(asked)
    found = replace(
        _result(asked.case, scores, known.get("turns", ())),
        gold=tuple(place for places in asked.gold for place in places),
        claims=known.get("claims", ()),
        seconds=asked.seconds,
        fell_back=asked.fell_back,
    )
    if "answer" in known:
        answer, confidence = asked.answer.to_dict(), _confidence(asked)
        found = replace(found, answer=answer, confidence=confidence)
    return replace(found, verdicts=tuple(_verdicts(asked.case.expected, found)))


def _confidence(asked: AnsweredCase) -> float | None:
    """Return what orders answers from sure to unsure; None for a refusal.

    With a model: the lowest P(supported) of its claims. Quoting: the reader's P(the documents
    answer), since a quote is always supported. An answer that fell back to quoting in a model's run
    has none: the two cannot be ordered together.
    """
    answer = asked.answer
    if answer.refused or answer.mode != asked.bot.mode:
        return None
    if answer.mode != "extractive":
        scores = [claim.score for claim in answer.claims if claim.score is not None]
        return min(scores, default=None)
    return answer.p_answered


def _verdicts(expected: Expected, result: CaseResult) -> Iterator[tuple[float, bool]]:
    """Yield the score of each claim that is right or wrong by the judge or else by the gold."""
    for claim in result.claims:
        if claim.score is None:
            continue
        if claim.judged is not None:
            yield claim.score, claim.judged
        elif expected.refuse or (claim.cites_gold and result.value("right") == 1.0):
            yield claim.score, not expected.refuse


def _taken_over(resume: Run | None, head: RunHead) -> dict[str, CaseResult]:
    """Return what an earlier part of the run found; cases that failed are asked again."""
    if resume is None:
        return {}
    for name in ("suite", "data", "settings", "judge", "version"):
        if getattr(resume.head, name) != getattr(head, name):
            raise SuiteError(
                f"The unfinished run of {resume.head.suite} was made with other cases, settings or "
                "another version. Start again without --resume."
            )
    return {result.id: result for result in resume.results if result.error is None}


def _head(suite: Suite, opened: OpenSuite, settings: Settings, options: RunOptions) -> RunHead:
    cases = [
        ready.case.model_dump(mode="json", exclude={"tags", "note", "group"}) | {"documents": None}
        for ready in opened.ready
    ]
    documents = [sorted(ready.document_ids) for ready in opened.ready]
    asked_over = json.dumps([cases, documents], sort_keys=True)
    return RunHead(
        suite=suite.name,
        description=suite.description,
        data=hashlib.sha256(asked_over.encode()).hexdigest()[:12],
        mode=opened.bot.mode,
        judge=options.judge.name if options.judge else None,
        settings=settings.model_dump(include=_RELEVANT)
        | {"other_embedder": settings.embedder_dir is not None},
        version=__version__,
        machine=f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores",
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
