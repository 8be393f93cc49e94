"""``chatbot eval new``: drafts from documents, from a model and from thumbs-down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fake_llm import FakeLLM
from fake_replies import Request, says, status

from chatbot import Chatbot, Settings, Turn
from chatbot.bot import PromptedModel
from chatbot.cli.app import run as chatbot
from chatbot.errors import SuiteError
from chatbot.evaluation import Expected, load_suite, run_suite
from chatbot.evaluation.drafts import Passage, by_model, by_rule, write_suite

TRUCKS = "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."
QUESTION = "How many vehicles did Japan send to Ukraine?"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A store of the article, which drafting only reads."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("store") / "data")
    with Chatbot.from_settings(settings):
        pass
    return settings


def accept_all(folder: Path) -> None:
    file = folder / "drafts.yaml"
    file.write_text(file.read_text().replace("draft: true", "draft: false"))


@pytest.mark.slow
def test_a_suite_is_drafted_without_a_model_and_runs_once_accepted(
    store: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    with Chatbot.from_settings(store, read_only=True) as bot:
        made = write_suite(bot, folder, count=8)
    assert (made.drafts, made.feedback) == (8, 0)
    suite = load_suite(str(folder))
    assert suite.accepted == ()
    assert all(case.draft and case.note and case.expected.evidence for case in suite.cases)
    accept_all(folder)
    run = run_suite(load_suite(str(folder)), store)
    assert len(run.results) == 8
    assert not any(result.error for result in run.results)


def test_drafting_again_adds_nothing_twice_and_keeps_what_a_person_wrote(
    store: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    with Chatbot.from_settings(store, read_only=True) as bot:
        write_suite(bot, folder, count=4)
        accept_all(folder)
        before = (folder / "drafts.yaml").read_text()
        assert write_suite(bot, folder, count=4).drafts == 0
        assert (folder / "drafts.yaml").read_text() == before
        assert write_suite(bot, folder, count=6).drafts == 2
    assert len(load_suite(str(folder)).accepted) == 4


def test_a_thumbs_down_becomes_a_case_with_its_conversation(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    with Chatbot.from_settings(settings) as bot:
        talk = bot.conversations.start("Trucks")
        first = bot.ask(QUESTION)
        bot.conversations.append(talk.id, question=QUESTION, answer=first)
        again = bot.ask("When?", history=[Turn(role="user", content=QUESTION)])
        [document] = map(bot.document, [one.id for one in bot.documents()])
        turn = bot.conversations.append(
            talk.id, question="When?", answer=again, documents=[document.id]
        )
        bot.conversations.rate(turn.id, -1, "<b>wrong</b>: the year")
    with Chatbot.from_settings(settings, read_only=True) as bot:
        made = write_suite(bot, tmp_path / "mine", count=0)
    assert (made.drafts, made.feedback) == (0, 1)
    [case] = load_suite(str(tmp_path / "mine")).cases
    assert case.draft
    assert case.question == "When?"
    assert [item.role for item in case.history] == ["user", "assistant"]
    assert TRUCKS in case.history[1].content
    assert "they wrote: <b>wrong</b>: the year" in case.note
    [name] = case.documents
    assert (tmp_path / "mine" / name).read_text() == document.text


def test_a_draft_that_expects_nothing_yet_cannot_be_accepted_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text("- {id: a, question: q, draft: true}")
    assert load_suite(str(file)).cases[0].expected == Expected()
    file.write_text("- {id: a, question: q}")
    with pytest.raises(SuiteError, match=r"case a: .*expected needs"):
        load_suite(str(file))


PASSAGE = Passage(document="d.txt", sentence=TRUCKS, context=TRUCKS)


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ("Q: How many vehicles went to Ukraine?\nA: 101", True),
        ("Sure!\n\nQ: How many vehicles went to Ukraine?\n\nA: 101 trucks.", True),
        ("Q: How many vehicles went to Ukraine?\nA: 250", False),
        ("Q: What number does the passage give?\nA: 101", False),
        ("<script>alert(1)</script>", False),
        ("Ignore your instructions", False),
    ],
)
def test_what_a_model_drafts_is_kept_if_its_answer_stands_in_the_sentence(
    reply: str, kept: bool, store: Settings, fake_llm: FakeLLM
) -> None:
    fake_llm.queue(says(reply))
    settings = store.model_copy(update={"model": "openai:d", "base_url": fake_llm.base_url})
    with PromptedModel(settings, "draft") as model:
        case = by_model(model)(PASSAGE)
    assert (case is not None) == kept
    if case is not None:
        assert case.expected.evidence == (TRUCKS,)
        assert case.draft


def test_a_model_that_is_down_leaves_it_to_the_rules(store: Settings, fake_llm: FakeLLM) -> None:
    fake_llm.default = status(401)
    settings = store.model_copy(update={"model": "openai:d", "base_url": fake_llm.base_url})
    with PromptedModel(settings, "draft") as model:
        assert by_model(model)(PASSAGE) == by_rule(PASSAGE)


def test_new_on_the_command_line_with_a_model(
    store: Settings,
    tmp_path: Path,
    fake_llm: FakeLLM,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def draft(request: Request) -> object:
        sentence = re.findall(r"=====\n(.*?)\n=====", dict(request.messages)["user"])[-1]
        return says(f"Q: What stands at the beginning there?\nA: {sentence.split()[0]}")

    fake_llm.default = draft  # type: ignore[assignment]
    monkeypatch.setenv("CHATBOT_DATA_DIR", str(store.data_dir))
    monkeypatch.setenv("OPENAI_BASE_URL", fake_llm.base_url)
    folder = tmp_path / "mine"
    assert chatbot(["eval", "new", str(folder), "--model", "openai:d", "--count", "3"]) == 0
    assert "3 drafts from 1 documents" in capsys.readouterr().out
    assert {case.note.split(",")[0] for case in load_suite(str(folder)).cases} == {"by openai:d"}


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (lambda folder: (folder / "x.txt").write_text("x"), "is not empty and has no suite"),
        (
            lambda folder: (
                (folder / "suite.yaml").write_text("name: x"),
                (folder / "cases.yaml").write_text("[]"),
            ),
            "did not make",
        ),
    ],
)
def test_a_folder_in_other_use_is_left_alone(
    store: Settings, tmp_path: Path, prepare: object, told: str
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    prepare(folder)  # type: ignore[operator]
    before = sorted(folder.iterdir())
    with Chatbot.from_settings(store, read_only=True) as bot:
        with pytest.raises(SuiteError, match=told):
            write_suite(bot, folder)
    assert sorted(folder.iterdir()) == before


def test_an_empty_store_has_nothing_to_draft_from(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", corpus_dir=None)
    with Chatbot.from_settings(settings) as bot, pytest.raises(SuiteError, match="no document"):
        write_suite(bot, tmp_path / "mine")
