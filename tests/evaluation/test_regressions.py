"""Planted regressions: the gate catches them and names the measure and the cases."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from evaluation_helpers import value
from fake_llm import FakeLLM
from fake_replies import Reply, Request, says

from chatbot import Settings
from chatbot.answering.retrieve import Retrieval, Retriever
from chatbot.bot.suggestions import Suggestions
from chatbot.evaluation import Run, Suite, compare, load_suite, regressions, run_suite
from chatbot.settings import resource_dir

pytestmark = pytest.mark.slow

MARKER_RULE = "each in square brackets"


@pytest.fixture(scope="module", autouse=True)
def _nothing_to_ask_next() -> Iterator[None]:
    """What could be asked next takes a third of the time, and no measure here looks at it."""
    with patch.object(Suggestions, "next", lambda *_, **__: ()):
        yield


@pytest.fixture(scope="module")
def article_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Twenty answerable cases of the article suite, as they are answered now."""
    data = tmp_path_factory.mktemp("article-run") / "unused"
    return run_suite(answerable(load_suite("article")), Settings(data_dir=data))


def answerable(suite: Suite) -> Suite:
    cases = [case for case in suite.cases if case.expected.answer and not case.history][:20]
    return suite.model_copy(update={"cases": tuple(cases)})


def test_planted_a_retriever_with_shuffled_scores_is_caught_and_named(
    article_run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    search, generator = Retriever.search, random.Random(7)

    def shuffled(retriever: Retriever, query: str, **options: object) -> Retrieval:
        found = search(retriever, query, **options)  # type: ignore[arg-type]
        return replace(found, hits=tuple(generator.sample(found.hits, len(found.hits))))

    monkeypatch.setattr(Retriever, "search", shuffled)
    run = run_suite(answerable(load_suite("article")), Settings(data_dir=tmp_path / "unused"))
    found = compare(article_run, run)
    told = regressions(found)
    assert any("hit@1 fell" in sentence for sentence in told)
    assert any("mrr fell" in sentence for sentence in told)
    assert len(found.worse) > 10
    assert all(change.new.id and change.worse for change in found.worse)


def obedient(request: Request) -> Reply:
    """A model that does as the prompt says: it quotes the best sentence, marked if told to."""
    messages = dict(request.messages)
    number, sentence = next(
        (line[1:].split("] ", 1))
        for line in messages["user"].splitlines()
        if line.startswith("[") and "] " in line
    )
    marker = f" [{number}]" if MARKER_RULE in messages["system"] else ""
    return says(f"{sentence.rstrip('.')}{marker}.")


def test_planted_a_prompt_that_forgets_the_markers_is_caught_and_named(
    tmp_path: Path, fake_llm: FakeLLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_llm.default = obedient
    suite = answerable(load_suite("article"))
    suite = suite.model_copy(update={"cases": suite.cases[:16]})
    model = Settings(data_dir=tmp_path / "d", model="openai:test", base_url=fake_llm.base_url)
    before = run_suite(suite, model)
    assert value(before, "marker_coverage") == 1.0
    assert before.head.prompt

    prompts = tmp_path / "prompts"
    shutil.copytree(resource_dir("prompts"), prompts)
    text = (prompts / "answer.yaml").read_text(encoding="utf-8")
    assert MARKER_RULE in text
    kept = [line for line in text.splitlines() if MARKER_RULE not in line]
    (prompts / "answer.yaml").write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.setattr("chatbot.answering.prompts.resource_dir", lambda _: prompts)
    after = run_suite(suite, model)

    told = regressions(compare(before, after))
    assert any("marker_coverage fell from 1.000 to 0.000" in sentence for sentence in told)
    assert after.head.prompt != before.head.prompt
