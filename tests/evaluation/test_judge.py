"""The LLM judge: cached, held against the offline check, and never in the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from evaluation_helpers import CASES, value, write_suite
from fake_llm import FakeLLM, refused_url
from fake_replies import says

from chatbot import Settings
from chatbot.bot import PromptedModel
from chatbot.evaluation import RunOptions, Suite, load_suite, run_suite
from chatbot.evaluation.claim_judge import ClaimJudge, agreement


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return load_suite(str(write_suite(tmp_path / "ferry", CASES)))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "unused")


@pytest.fixture
def judged(tmp_path: Path, fake_llm: FakeLLM) -> Callable[[], ClaimJudge]:
    """Make judges with one cache, whose model is the fake one."""
    models = []

    def make() -> ClaimJudge:
        model = Settings(data_dir=tmp_path / "j", model="openai:j", base_url=fake_llm.base_url)
        models.append(PromptedModel(model, "judge"))
        return ClaimJudge(models[-1], tmp_path / "runs" / "judge.jsonl")

    yield make  # type: ignore[misc]
    for model in models:
        model.close()


@pytest.mark.slow
def test_a_judges_verdicts_are_cached_and_held_against_the_check(
    suite: Suite, settings: Settings, fake_llm: FakeLLM, judged: Callable[[], ClaimJudge]
) -> None:
    fake_llm.queue(says("Supported: it says so."), says("unsupported: no."), says("Well, perhaps."))
    fake_llm.default = says("Supported: it says so.")
    first = judged()
    run = run_suite(suite, settings, RunOptions(judge=first))
    assert first.asked == 3
    assert run.head.judge == "openai:j"
    assert value(run, "judge_support") == 0.5
    claims = [claim for result in run.results for claim in result.claims]
    assert [claim.judged for claim in claims] == [True, False, None]
    assert agreement(claims) == (
        "Judge and offline check agree on 1 of 2 claims (Cohen's kappa 0.00)."
    )

    second = judged()
    run_suite(suite, settings, RunOptions(judge=second))
    assert second.asked == 1  # only the one that gave no verdict


@pytest.mark.slow
def test_a_judge_that_is_down_leaves_claims_unjudged(
    suite: Suite, settings: Settings, tmp_path: Path
) -> None:
    dead = Settings(data_dir=tmp_path / "j", model="openai:j", base_url=refused_url())
    with PromptedModel(dead, "judge") as model:
        judge = ClaimJudge(model, tmp_path / "judge.jsonl")
        run = run_suite(suite, settings, RunOptions(judge=judge))
    assert value(run, "judge_support") is None
    assert value(run, "right") == 1.0
    assert not (tmp_path / "judge.jsonl").exists()
