"""Finding and quoting over a real store with the built-in networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from retrieval_helpers import BAKERY, HARBOUR, store_with

from chatbot.answering.find import Finder, FindResult
from chatbot.answering.phrases import refusal
from chatbot.answering.question import plain_query
from chatbot.answering.quoting import Quotation, quotation
from chatbot.answering.retrieve import Retriever
from chatbot.models.reader import load_reader
from chatbot.settings import Settings
from chatbot.store import Store

PARTS = """The board KB-5521 costs 8 euros. The board KB-5522 costs 11 euros.

The alarm E_71 means that the lid is open. The alarm E_72 means that the tank is dry.

The depot has 14 forklifts.

1. Unlock the hatch.
2. Turn the wheel.
3. Lower the ladder.
"""
LOGBOOK = (
    "On 3 February 2035 the ferry office moved. On 19 June 2035 the winter store was painted. "
    "On 4 October 2035 the bell was stolen."
)
LICENCE = """1. Fee. The fee is 60 euros a year.

2. Notice. Either side may end this licence with four weeks' written notice.

3. Area. The licence holds for the inner basin.
"""
SHIFTS = (
    "A night porter may take up to 14 weeks of unpaid training. We work in 9-week shifts here.",
    "Every four years a porter may take a 7-week walking tour. We work in 9-week shifts here.",
)
TARIFF_OLD = "The tariff of 2031. A ticket for adults costs 4 euros."
TARIFF_NEW = "The tariff of 2033. A ticket for adults costs 5 euros."


@dataclass(frozen=True)
class Town:
    store: Store
    finder: Finder
    ids: list[str]

    def find(self, question: str, documents: list[str] | None = None) -> FindResult:
        return self.finder.find(plain_query(question), documents=documents)

    def quote(self, question: str) -> Quotation | None:
        found = self.find(question)
        return quotation(question, found, self.finder.retriever) if found.answered else None


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    texts = (HARBOUR, BAKERY, PARTS, TARIFF_OLD, TARIFF_NEW, LICENCE, LOGBOOK)
    with store_with(tmp_path_factory.mktemp("town"), *texts) as (store, embedder, ids):
        finder = Finder(Retriever(store, embedder), load_reader(Settings()))
        yield Town(store, finder, ids)


def texts(quoted: Quotation | None) -> list[str]:
    assert quoted is not None
    return [sentence.text for sentence in quoted.sentences]


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
        ("What does KB-5521 cost?", "The board KB-5521 costs 8 euros."),
        ("What does kb 5522 cost?", "The board KB-5522 costs 11 euros."),
        ("What does E_72 mean?", "The alarm E_72 means that the tank is dry."),
    ],
)
def test_the_sentence_that_answers_is_quoted(town: Town, question: str, quoted: str) -> None:
    assert texts(town.quote(question))[-1] == quoted


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What does KB-5523 cost?", "KB-5523"),
        ("What does KB-552 cost?", "KB-552"),
        ("What does E_99 mean?", "E_99"),
        ("What happened on 4 July 1999?", "4 July 1999"),
        ("Who is the mayor of Zanzibar?", "Zanzibar"),
    ],
)
def test_what_the_documents_do_not_mention_is_refused_and_named(
    town: Town, question: str, missing: str
) -> None:
    found = town.find(question)
    assert not found.answered
    assert missing in [anchor.text for anchor in found.decision.missing]


def test_a_refusal_names_a_few_of_many_things_that_are_missing(town: Town) -> None:
    codes = [f"KZ-{number}" for number in range(701, 720)]
    question = f"Which of {', '.join(codes)} is red?"
    text = refusal(question, missing=town.find(question).decision.missing)
    assert text.endswith(f"The documents do not mention {', '.join(codes[:5])}, ….")


@pytest.mark.parametrize(
    "question",
    ["How tall is the Eiffel Tower?", "When did Rome fall?", "How many drivers has the depot?"],
)
def test_what_the_documents_do_not_say_is_refused(town: Town, question: str) -> None:
    assert town.quote(question) is None


@pytest.mark.parametrize(
    "day", ["2035-06-19", "19.06.2035", "19/06/2035", "June 19, 2035", "19 June 2035"]
)
def test_what_happened_on_a_day_is_told_however_the_day_is_written(town: Town, day: str) -> None:
    assert texts(town.quote(f"What happened on {day}?")) == [
        "On 19 June 2035 the winter store was painted."
    ]
    assert texts(town.quote(f"{day}?"))[0].startswith("On 19 June 2035")


def test_what_happened_on_a_day_that_is_not_there_is_refused(town: Town) -> None:
    assert town.quote("What happened on 20 June 2035?") is None
    after = texts(town.quote("What happened after 1 September 2035?"))
    assert after == ["On 4 October 2035 the bell was stolen."]


def test_the_decision_says_what_was_weighed(town: Town) -> None:
    found = town.find("What does KB-5521 cost?")
    (anchor,) = found.decision.anchors
    assert (anchor.text, anchor.found, anchor.where) == ("KB-5521", True, "sentence")
    assert found.decision.considered[0].document_id == town.ids[2]
    assert found.decision.p_answered > 0.3
    ps = [one.p for one in found.decision.considered]
    assert ps == sorted(ps, reverse=True)


def test_documents_that_differ_are_quoted_both(town: Town) -> None:
    quoted = town.quote("What does a ticket for adults cost?")
    assert quoted is not None
    assert quoted.opening == "differ"
    assert set(texts(quoted)) == {
        "A ticket for adults costs 4 euros.",
        "A ticket for adults costs 5 euros.",
    }


def test_values_of_different_things_do_not_differ(town: Town, tmp_path: Path) -> None:
    with store_with(tmp_path, *SHIFTS) as (store, embedder, _):
        porters = Town(store, Finder(Retriever(store, embedder), load_reader(Settings())), [])
        quoted = porters.quote("How many weeks of unpaid training are there?")
        assert quoted is not None
        assert quoted.opening == ""
        assert texts(quoted)[0].startswith("A night porter")
        twice = porters.quote("How do the 9-week shifts work?")
        assert twice is not None
        assert sorted(set(texts(twice))) == sorted(texts(twice))


def test_a_short_answer_stands_in_the_stored_text(town: Town) -> None:
    quoted = town.quote("When was the harbour of Lunden opened?")
    assert quoted is not None
    assert quoted.short_answer is not None
    assert "May 1987" in quoted.short_answer.text
    stored = town.store.document(quoted.short_answer.document_id).text
    assert stored[quoted.short_answer.start : quoted.short_answer.end] == quoted.short_answer.text


def test_a_sentence_that_leans_on_the_one_before_takes_it_along(town: Town) -> None:
    assert texts(town.quote("Which fund did the money come from?")) == [
        "Sollow said that the harbour had cost 12 million crowns.",
        "She added that the money came from the fishing fund.",
    ]


def test_only_the_chosen_documents_are_read(town: Town) -> None:
    found = town.find("What trade did the owner learn in Vienna?", documents=[town.ids[1]])
    assert {sentence.document_id for sentence in found.sentences} == {town.ids[1]}


def test_an_empty_choice_of_documents_is_refused(town: Town) -> None:
    found = town.find("When was the harbour of Lunden opened?", documents=[])
    assert not found.answered
    assert found.sentences == ()
    assert found.decision.p_answered == 0


def test_the_number_of_a_step_stands_for_it(town: Town) -> None:
    assert texts(town.quote("What is step 2?")) == ["2. Turn the wheel."]
    assert town.quote("What is step 7?") is None


def test_a_numbered_heading_on_the_line_of_its_text_is_not_quoted(town: Town) -> None:
    assert texts(town.quote("How long is the notice of the licence?")) == [
        "Either side may end this licence with four weeks' written notice."
    ]


def test_a_question_that_names_a_document_is_answered_from_it(town: Town) -> None:
    found = town.find("What does a ticket for adults cost in the text 4?")
    assert {sentence.document_id for sentence in found.sentences} == {town.ids[4]}
    assert texts(town.quote("What does a ticket for adults cost in the text 3?")) == [
        "A ticket for adults costs 4 euros."
    ]


def test_of_two_ways_to_take_a_follow_up_the_likelier_is_answered(town: Town) -> None:
    joined = plain_query("When did rye bread open?")
    beside = plain_query("When was the harbour of Lunden opened?")
    assert town.finder.find(joined).decision.p_answered < 0.3
    found = town.finder.find(replace(joined, other=beside))
    assert found.query == beside.text
    assert found.answered
