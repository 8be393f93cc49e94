from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from retrieval_helpers import BAKERY, HARBOUR, store_with

from chatbot.answering.quote import QuotedAnswer, quote_answer
from chatbot.answering.refusal import should_refuse
from chatbot.answering.retrieve import Retriever
from chatbot.models.candidates import Candidate
from chatbot.models.reader import Reader, Reading, load_reader
from chatbot.settings import Settings
from chatbot.store import Store


class Town:
    def __init__(self, store: Store, retriever: Retriever, reader: Reader, ids: list[str]) -> None:
        self.store, self.retriever, self.reader, self.ids = store, retriever, reader, ids

    def ask(self, question: str, documents: list[str] | None = None) -> QuotedAnswer:
        return quote_answer(
            question,
            question,
            retriever=self.retriever,
            reader=self.reader,
            documents=documents,
        )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with store_with(tmp_path_factory.mktemp("town"), HARBOUR, BAKERY) as (store, embedder, ids):
        reader = load_reader(Settings(), embedder)
        yield Town(store, Retriever(store, embedder), reader, ids)


def texts(answer: QuotedAnswer) -> list[str]:
    return [sentence.text for part in answer.parts for sentence in part.sentences]


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        (
            "When was the harbour of Lunden opened?",
            "The harbour of Lunden was opened in May 1987 by Mayor Ingrid Sollow.",
        ),
        (
            "How many fishing boats does the harbour have room for?",
            "It has room for 240 fishing boats and two ferries.",
        ),
        (
            "Why was the old lighthouse torn down?",
            "The old lighthouse was torn down because its foundations had cracked.",
        ),
    ],
)
def test_one_sentence_answers_a_plain_question(town: Town, question: str, quoted: str) -> None:
    answer = town.ask(question)
    assert not answer.refused
    assert texts(answer)[-1] == quoted
    assert len(texts(answer)) <= 2


class Unsure:
    """Finds the first four candidates equally likely."""

    def read(self, question: str, candidates: Sequence[Candidate]) -> Reading:
        return Reading(
            p_answered=0.9,
            threshold=0.5,
            threshold_with_model=0.1,
            answering=(3, 0, 2, 1),
            scores=(0.5,) * len(candidates),
        )


def test_an_open_question_may_quote_several_in_the_order_of_their_document(town: Town) -> None:
    harbour = town.ids[:1]
    unsure = Town(town.store, town.retriever, Unsure(), town.ids)
    answer = unsure.ask("What did the mayor do at the harbour?", harbour)
    found = [sentence.index for part in answer.parts for sentence in part.sentences]
    assert 3 <= len(found) == len(set(found))
    assert found == sorted(found)
    account = unsure.ask("How do boats get into the harbour?", harbour)
    assert len(texts(account)) >= len(found)
    assert [one.index for part in account.parts for one in part.sentences][:4] == [0, 1, 2, 3]
    plain = unsure.ask("Who opened the harbour?", harbour)
    assert len(texts(plain)) <= 2


@pytest.mark.parametrize(
    "question",
    ["Who is the president of Brazil?", "How tall is the Eiffel Tower?", "When did Rome fall?"],
)
def test_what_the_documents_do_not_say_is_refused(town: Town, question: str) -> None:
    answer = town.ask(question)
    assert answer.refused
    assert answer.parts == ()
    assert answer.short_answer is None
    assert answer.retrieved


def test_the_part_that_is_covered_is_answered_and_the_other_named(town: Town) -> None:
    answer = town.ask("When was the harbour of Lunden opened and who is the president of Brazil?")
    assert not answer.refused
    assert [part.question for part in answer.parts] == ["When was the harbour of Lunden opened?"]
    assert answer.missing == ("Who is the president of Brazil?",)


def test_a_short_answer_stands_in_the_stored_text(town: Town) -> None:
    short = town.ask("When was the harbour of Lunden opened?").short_answer
    assert short is not None
    assert short.text == "May 1987"
    stored = town.store.document(short.document_id).text
    assert stored[short.start : short.end] == short.text


def test_a_sentence_that_leans_on_the_one_before_takes_it_along(town: Town) -> None:
    quoted = texts(town.ask("Which fund did the money come from?"))
    assert quoted == [
        "Sollow said that the harbour had cost 12 million crowns.",
        "She added that the money came from the fishing fund.",
    ]


def test_only_the_chosen_documents_are_quoted(town: Town) -> None:
    answer = town.ask("What trade did the owner learn in Vienna?", documents=[town.ids[1]])
    assert {sentence.document_id for sentence in answer.retrieved} == {town.ids[1]}


def test_an_answer_follows_the_document(tmp_path_factory: pytest.TempPathFactory) -> None:
    changed = HARBOUR.replace("May 1987", "June 2003").replace("240", "75")
    with store_with(tmp_path_factory.mktemp("changed"), changed) as (store, embedder, _):
        reader = load_reader(Settings(), embedder)
        retriever = Retriever(store, embedder)
        question = "When was the harbour of Lunden opened?"
        answer = quote_answer(question, question, retriever, reader)
        assert answer.short_answer is not None
        assert answer.short_answer.text == "June 2003"


def test_an_empty_choice_of_documents_is_refused(town: Town) -> None:
    answer = town.ask("When was the harbour of Lunden opened?", documents=[])
    assert answer.refused
    assert answer.retrieved == ()
    assert answer.p_answered == 0


def test_before_a_model_is_asked_only_the_hopeless_is_refused() -> None:
    def reading(p_answered: float) -> Reading:
        return Reading(
            p_answered=p_answered, threshold=0.3, threshold_with_model=0.1, answering=(0,)
        )

    assert not should_refuse(reading(0.2), with_model=True)
    assert should_refuse(reading(0.2))
    assert should_refuse(reading(0.05), with_model=True)
