"""``chatbot doctor --model``: what a server has, what the model does, and one line at the end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fake_llm import FakeLLM, refused_url, start_fake_llm  # noqa: F401 - a fixture
from fake_replies import Reply, Request, says, status

from chatbot import Settings
from chatbot.bot.model_doctor import ModelReport, examine_model
from chatbot.cli.app import run
from chatbot.errors import SettingsError

GOOD = {
    "high": "The lighthouse of Brandholm is 31 metres high [1].",
    "keeper": "The keeper is Solveig Dahl [2].",
    "ships": "NO_ANSWER",
}
Examine = Callable[..., ModelReport]


def answering(**changes: str) -> Callable[[Request], Reply]:
    said = GOOD | changes

    def reply(request: Request) -> Reply:
        question = request.messages[-1][1].rpartition("Question: ")[2]
        return says(next(text for word, text in said.items() if word in question))

    return reply


@pytest.fixture
def examine(fake_llm: FakeLLM) -> Examine:
    fake_llm.models = [{"id": "m", "object": "model", "meta": {"n_ctx": 8192}}]
    fake_llm.default = answering()

    def examined(**changes: object) -> ModelReport:
        values: dict[str, object] = {"model": "openai:m", "base_url": fake_llm.base_url}
        return examine_model(Settings(**(values | changes)))

    return examined


def test_a_good_model_is_fit(examine: Examine) -> None:
    report = examine()
    assert report.line == "openai:m is fit."
    assert any("8,192 tokens" in line for line in report.lines)
    assert any("tokens a second" in line for line in report.lines)


def test_a_wrong_name_is_told_with_the_names_there_are(examine: Examine) -> None:
    assert "it has m" in examine(model="openai:other").line


def test_a_short_context_is_told_with_the_setting_that_helps(
    examine: Examine, fake_llm: FakeLLM
) -> None:
    fake_llm.models = [{"id": "m", "object": "model", "max_model_len": 2048}]
    assert "CHATBOT_MAX_EVIDENCE_TOKENS to 648" in examine().line


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ({"keeper": "The keeper is Solveig Dahl."}, "does not mark its sources"),
        ({"ships": "It has 12 ships [1]."}, "what the documents do not say"),
        ({"keeper": "Nobody knows [2]."}, "one of two easy questions wrongly"),
    ],
)
def test_what_a_model_does_wrong_is_a_limit(
    changes: dict[str, str], limit: str, examine: Examine, fake_llm: FakeLLM
) -> None:
    fake_llm.default = answering(**changes)
    report = examine()
    assert "fit, with limits" in report.line
    assert limit in report.line


def test_a_model_that_answers_nothing_is_unfit(examine: Examine, fake_llm: FakeLLM) -> None:
    fake_llm.default = says("I like lighthouses.")
    assert "is unfit" in examine().line


def test_a_server_that_lists_nothing_is_asked_all_the_same(
    examine: Examine, fake_llm: FakeLLM
) -> None:
    fake_llm.models = None
    report = examine()
    assert report.line == "openai:m is fit."
    assert any("does not list its models" in line for line in report.lines)


def test_a_server_that_fails_or_is_not_there_is_unfit(examine: Examine, fake_llm: FakeLLM) -> None:
    fake_llm.default = status(401)
    assert "is unfit" in examine().line
    assert "cannot be reached" in examine(base_url=refused_url()).line


def test_without_a_model_there_is_nothing_to_examine() -> None:
    with pytest.raises(SettingsError, match="CHATBOT_MODEL"):
        examine_model(Settings(model=None))


def test_the_command_ends_with_the_line_and_fails_where_it_is_unfit(
    examine: Examine,
    fake_llm: FakeLLM,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CHATBOT_MODEL", "openai:m")
    monkeypatch.setenv("OPENAI_BASE_URL", fake_llm.base_url)
    assert run(["doctor", "--model"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "openai:m is fit."
    fake_llm.default = status(500)
    assert run(["doctor", "--model"]) == 1
