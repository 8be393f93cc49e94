from __future__ import annotations

import pytest

from chatbot.answering.anchors import InContext
from chatbot.answering.computing import asks_over_rows, compute, counts_another, keyed_rows
from chatbot.answering.tables import cell_asked, outdone, read_row, table_of, truth
from chatbot.types import RetrievedSentence, Span

HEADER = "Boat | Berths | Engine | Price per day"
ROWS = ("Tern | 4 | yes | 90 euros", "Skua | 6 | no | 70 euros", "Gannet | 8 | yes | 140 euros")


def row(text: str, header: str | None = HEADER, index: int = 0) -> RetrievedSentence:
    return RetrievedSentence(
        document_id="d", title="Boats", source="boats.md", index=index, start=0, end=len(text),
        text=text, score=1.0, header=header,
    )  # fmt: skip


BOATS = [row(text, index=at) for at, text in enumerate(ROWS, start=1)]
TABLE = table_of([row(HEADER), *BOATS])


def test_a_row_is_read_with_its_headers_and_cited_as_it_stands() -> None:
    read = read_row(ROWS[0], HEADER, "Fleet")
    assert read.text == "Fleet: Boat: Tern; Berths: 4; Engine: yes; Price per day: 90 euros."
    at = read.text.index("90")
    cell = read.stored(Span(start=at, end=at + 2))
    assert cell is not None
    assert ROWS[0][cell.start : cell.end] == "90 euros"


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("Does the Skua have an engine?", "no"),
        ("What is the price per day of the Skua?", "70 euros"),
        ("How many berths has the Skua?", "6"),
    ],
)
def test_the_short_answer_is_the_cell_of_the_named_column(question: str, cell: str) -> None:
    span = cell_asked(question, BOATS[1])
    assert span is not None
    assert ROWS[1][span.start : span.end] == cell


def test_a_row_that_lacks_what_is_named_is_outdone() -> None:
    assert outdone("How many berths has the Skua?", BOATS) == {0, 2}
    shifts = "Day | Early | Late"
    rows = [row("Monday | Ana | Bo", shifts), row("Tuesday | Bo | Ana", shifts)]
    assert outdone("When does Ana work late?", rows) == {0}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Which boat is the cheapest?", "Skua: 70 euros, the cheapest of 3 rows."),
        ("Which boat has the most berths?", "Gannet: 8, the most of 3 rows."),
        ("How many berths are there in total?", "Berths: 4 + 6 + 8 = 18."),
        ("What is the average number of berths?", "Berths: (4 + 6 + 8) / 3 = 6."),
        ("How many boats are there?", "3 of 3 rows: Tern, Skua, Gannet."),
        (
            "What is the difference between the price of the Tern and the Gannet?",
            "Price per day: 140 - 90 = 50 euros.",
        ),
    ],
)
def test_questions_over_rows_are_computed_with_the_arithmetic_shown(
    question: str, text: str
) -> None:
    found = compute(question, TABLE)
    assert found is not None
    assert found.text == text
    assert len(found.sentences) >= 2


@pytest.mark.parametrize(
    ("question", "boats"),
    [
        ("Which boats have an engine?", ["Tern", "Gannet"]),
        ("Which boats have no engine?", ["Skua"]),
        ("Which boats have more than 5 berths?", ["Skua", "Gannet"]),
        ("Which boats have at most 6 berths?", ["Tern", "Skua"]),
    ],
)
def test_rows_are_kept_that_say_what_is_asked_for(question: str, boats: list[str]) -> None:
    found = compute(question, TABLE)
    assert found is not None
    assert [one.text.split(" | ")[0] for one in found.sentences] == boats


def test_a_column_that_is_not_plainly_numeric_is_not_computed() -> None:
    table = table_of([row("Tern | 4 or 5", "Boat | Berths"), row("Skua | six", "Boat | Berths")])
    found = compute("Which boat has the most berths?", table)
    assert found is not None
    assert found.text is None
    assert len(found.sentences) == 2


def test_a_plain_question_is_not_one_over_rows() -> None:
    assert compute("What does the Tern cost?", TABLE) is None
    assert not asks_over_rows("What does the Tern cost?")


def test_sentences_of_one_form_are_rows() -> None:
    lines = ["May: 12 trains, 3 buses.", "June: 9 trains, 14 buses.", "The station is old."]
    table = keyed_rows([row(line, None) for line in lines])
    found = compute("In which month did most buses come?", table)
    assert found is not None
    assert found.text == "June: 14 buses, the most of 2 rows."


def test_what_a_cell_says() -> None:
    assert (truth("Yes"), truth("✗"), truth("12")) == (True, False, None)


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("How many nurses work here?", True),
        ("How many of the beds are free?", False),
        ("How many wards are there?", False),
        ("How long is it?", False),
    ],
)
def test_the_count_of_another_thing_is_no_answer(question: str, another: bool) -> None:
    ward = InContext(text="There are 12 beds and 3 doctors.", heading="Wards")
    assert counts_another(question, ward, lambda *_: None) is another
