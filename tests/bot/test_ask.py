"""Answers without a model: quotes, refusals, follow-ups, and the invariants they keep."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot import Answer, Chatbot, Choice, Settings, Turn, Verdict
from chatbot.errors import DocumentNotFound, QuestionError
from chatbot.types import ClaimChecked, MarkerResolved, TextDelta

TRUCKS = "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."


def assert_exact(bot: Chatbot, answer: Answer) -> None:
    """Hold an answer against the invariants of every answer."""
    for citation in answer.citations:
        text = bot.document(citation.document_id).text
        assert text[citation.start : citation.end] == citation.text
    for claim in answer.claims:
        assert answer.text[claim.start : claim.end] == claim.text
    for found in answer.retrieved:
        assert bot.document(found.document_id).text[found.start : found.end] == found.text
    if answer.short_answer:
        short = answer.short_answer
        assert bot.document(short.document_id).text[short.start : short.end] == short.text
    cited = {marker for claim in answer.claims for marker in claim.citations}
    assert cited == {citation.marker for citation in answer.citations}
    if answer.refused:
        assert not answer.citations


def test_a_fact_is_quoted_with_its_exact_sentence(article_bot: Chatbot) -> None:
    answer = article_bot.ask("How many vehicles did Japan send to Ukraine?")
    assert answer.text == f"{TRUCKS} [1]"
    assert [citation.text for citation in answer.citations] == [TRUCKS]
    assert [claim.verdict for claim in answer.claims] == [Verdict.QUOTED]
    assert answer.mode == "extractive"
    assert answer.short_answer is not None
    assert "101" in answer.short_answer.text
    assert_exact(article_bot, answer)


def test_what_the_article_does_not_say_is_refused(article_bot: Chatbot) -> None:
    answer = article_bot.ask("Who is the prime minister of Japan?")
    assert answer.refused
    assert answer.text == "The documents do not answer: “Who is the prime minister of Japan?”"
    assert answer.citations == ()
    assert answer.retrieved, "the closest passages are offered"
    assert_exact(article_bot, answer)


def test_names_and_numbers_of_a_changed_copy_are_followed(tmp_path: Path) -> None:
    text = TRUCKS.replace("Japan", "Norway").replace("101", "57").replace("Ukraine", "Laos")
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "d", corpus_dir=None)) as bot:
        bot.add_text(f"The weather was fine.\n\n{text}\n\nNobody came.", title="Copy")
        answer = bot.ask("How many vehicles did Norway send to Laos?")
    assert answer.citations[0].text == text


def test_a_follow_up_is_searched_as_a_whole_question(article_bot: Chatbot) -> None:
    first = "How many vehicles did Japan send to Ukraine?"
    history = [
        Turn(role="user", content=first),
        Turn(role="assistant", content=article_bot.ask(first).text),
    ]
    answer = article_bot.ask("And when?", history=history)
    assert "Japan" in answer.search_query
    assert answer.question == "And when?"
    assert answer.citations[0].text == TRUCKS


def test_the_events_of_a_stream_add_up_to_the_answer(article_bot: Chatbot) -> None:
    *events, answer = article_bot.stream("How many vehicles did Japan send to Ukraine?")
    assert isinstance(answer, Answer)
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == answer.text
    assert [e.claim for e in events if isinstance(e, ClaimChecked)] == list(answer.claims)
    resolved = [e.citation for e in events if isinstance(e, MarkerResolved)]
    assert resolved == list(answer.citations)


def test_an_answer_survives_json(article_bot: Chatbot) -> None:
    answer = article_bot.ask("How many vehicles did Japan send to Ukraine?")
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer
    choice = Choice(label="the barge", question="How long is the barge?")
    asking = replace(answer, choices=(choice,))
    assert Answer.from_dict(json.loads(json.dumps(asking.to_dict()))) == asking
    older = {name: value for name, value in answer.to_dict().items() if name != "choices"}
    assert Answer.from_dict(older) == answer


@pytest.mark.parametrize("broken", [{}, {"text": 1}, {"claims": [{}]}])
def test_something_else_is_no_answer(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not an answer"):
        Answer.from_dict(broken)


async def test_asyncio_gives_the_same_answer(article_bot: Chatbot) -> None:
    question = "How many vehicles did Japan send to Ukraine?"
    answer = await article_bot.aask(question)
    assert answer.text == article_bot.ask(question).text


def test_an_endless_question_is_told(article_bot: Chatbot) -> None:
    with pytest.raises(QuestionError, match="at most 2000"):
        article_bot.ask("x" * 2001)


@pytest.mark.parametrize("question", ["", "  \n "])
def test_an_empty_question_gets_a_word_of_the_program(article_bot: Chatbot, question: str) -> None:
    answer = article_bot.ask(question)
    assert answer.kind == "about"
    assert answer.suggestions


def test_an_unknown_document_is_told(article_bot: Chatbot) -> None:
    with pytest.raises(DocumentNotFound):
        article_bot.ask("Who?", documents=["0" * 64])


def test_only_the_chosen_documents_are_read(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "d", corpus_dir=None)) as bot:
        [ferry] = bot.add_text("The ferry to Bodø leaves at 9:40.", title="Ferry").added
        [train] = bot.add_text("The train to Bodø leaves at 7:15.", title="Train").added
        found = bot.ask("When does the train to Bodø leave?", documents=[ferry.id])
        assert {item.document_id for item in found.retrieved} <= {ferry.id}
        right = bot.ask("When does the train to Bodø leave?", documents=[train.id])
        assert right.citations[0].document_id == train.id


def test_a_marker_written_in_a_document_stays_text(tmp_path: Path) -> None:
    sentence = "The lighthouse of Skagen was built in 1858 [1] by a carpenter [2]."
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "d", corpus_dir=None)) as bot:
        bot.add_text(sentence, title="Skagen")
        answer = bot.ask("When was the lighthouse of Skagen built?")
        assert answer.text == f"{sentence} [3]"
        assert [citation.marker for citation in answer.citations] == [3]
        assert_exact(bot, answer)


def test_a_removed_document_is_never_cited_again(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "d", corpus_dir=None)) as bot:
        [added] = bot.add_text("The ferry leaves at 9:40.", title="Ferry").added
        bot.remove(added.id)
        answer = bot.ask("When does the ferry leave?")
    assert answer.refused
    assert answer.retrieved == ()


def test_a_removed_article_stays_removed(tmp_path: Path) -> None:
    where = Settings(data_dir=tmp_path / "d")
    with Chatbot.from_settings(where) as bot:
        bot.remove(bot.documents()[0].id)
    with Chatbot.from_settings(where) as bot:
        assert bot.documents() == []


def test_a_question_in_japanese_is_told_so_in_japanese(article_bot: Chatbot) -> None:
    answer = article_bot.ask("日本はウクライナに何台の車両を送りましたか？")
    assert answer.notice is not None
    assert any("\u3040" <= char <= "\u30ff" for char in answer.notice)


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(min_size=1, max_size=200))
def test_any_question_gets_an_exact_answer_or_a_refusal(article_bot: Chatbot, noise: str) -> None:
    if noise.strip():
        assert_exact(article_bot, article_bot.ask(noise))


def test_noise_of_two_thousand_characters_is_refused(article_bot: Chatbot) -> None:
    assert article_bot.ask("lorem ipsum dolor " * 111).refused


def test_verify_finds_what_no_longer_stands(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path / "d", corpus_dir=None)) as bot:
        [added] = bot.add_text("The ferry leaves at 9:40 from pier 3.", title="Ferry").added
        answer = bot.ask("When does the ferry leave?")
        assert bot.verify(answer).ok
        bot.remove(added.id)
        found = bot.verify(answer)
    assert not found.ok
    assert "not in the store" in found.problems[0]


def test_langchain_gets_a_retriever_and_a_runnable(article_bot: Chatbot) -> None:
    documents = article_bot.as_retriever(limit=3).invoke("trucks sent to Ukraine")
    assert documents[0].page_content == TRUCKS
    place = documents[0].metadata
    text = article_bot.document(place["document_id"]).text
    assert text[place["start"] : place["end"]] == TRUCKS
    assert article_bot.as_runnable().invoke("How many vehicles did Japan send?").citations


def test_an_answer_says_how_sure_the_reader_is(article_bot: Chatbot) -> None:
    answered = article_bot.ask("How many vehicles did Japan send to Ukraine?")
    refused = article_bot.ask("What is the boiling point of tungsten?")
    assert answered.p_answered is not None
    assert refused.p_answered is not None
    assert 0.0 <= refused.p_answered < answered.p_answered <= 1.0
    assert Answer.from_dict(answered.to_dict()) == answered
