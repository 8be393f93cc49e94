from __future__ import annotations

import pytest

from chatbot.answering.titles import named_document

TITLES = {"old": "Tariff 2031", "new": "Tariff 2033", "other": "Harbour rules"}


@pytest.mark.parametrize(
    ("question", "rest", "documents"),
    [
        ("What does a ticket cost in the tariff of 2031?", "What does a ticket cost?", {"old"}),
        ("In the 2033 tariff, what does a ticket cost?", "What does a ticket cost?", {"new"}),
        ("What did a ticket cost in 2031?", "What did a ticket cost?", {"old"}),
        ("Does the 2033 tariff name dogs?", "Does the tariff name dogs?", {"new"}),
        ("What is allowed by the harbour rules?", "What is allowed?", {"other"}),
        ("What does a ticket cost in the tariff?", "What does a ticket cost?", {"old", "new"}),
    ],
)
def test_a_document_is_named_by_words_of_its_title(
    question: str, rest: str, documents: set[str]
) -> None:
    found = named_document(question, TITLES)
    assert found is not None
    assert (found.question, found.documents) == (rest, documents)


@pytest.mark.parametrize(
    "question",
    [
        "What does a ticket cost?",
        "What does a ticket cost in the summer?",
        "What did a ticket cost in 1999?",
    ],
)
def test_what_names_no_document_or_asks_nothing_else_is_left(question: str) -> None:
    assert named_document(question, TITLES) is None


def test_words_that_all_documents_have_name_none() -> None:
    titles = {"old": "Tariff 2031", "new": "Tariff 2033"}
    assert named_document("What does a ticket cost in the tariff?", titles) is None
