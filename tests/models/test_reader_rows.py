"""Rows of one table, of which one has more of the question's words."""

from __future__ import annotations

from chatbot.models.candidates import Candidate, Signals
from chatbot.models.reader_rows import outdone_rows

TABLE = (
    "Work | Price",
    "Puncture, front wheel | 14",
    "Puncture, rear wheel | 18",
    "New chain | 39",
)
NOTHING = Signals(
    dense=0, chunk_dense=0, coverage=0, with_before=0, in_chunk=0, phrases=0, neighbour=0
)


def candidate(text: str, passage: str = "\n".join(TABLE), *, heading: bool = False) -> Candidate:
    return Candidate(
        text=text, passage=passage, start=0, score=1.0, signals=NOTHING, heading=heading
    )


def outdone(question: str, *found: Candidate) -> set[str]:
    return {found[at].text for at in outdone_rows(question, found)}


ROWS = tuple(candidate(row) for row in TABLE)


def test_a_row_with_fewer_words_of_the_question_is_outdone() -> None:
    assert outdone("What does a puncture in the rear cost?", *ROWS) == set(TABLE) - {TABLE[2]}


def test_rows_that_each_have_a_word_of_their_own_stay() -> None:
    assert outdone("Is a front puncture or a chain dearer?", *ROWS[1:]) == {TABLE[2]}
    assert outdone("Front wheel or rear wheel?", *ROWS[1:3]) == set()
    assert outdone("What is a puncture?", *ROWS[1:3]) == set()


def test_other_tables_and_sentences_do_not_compete() -> None:
    other = candidate(TABLE[1], passage="Puncture, front wheel | 14")
    sentence = candidate("A puncture is mended in a day.")
    assert outdone("What is a rear puncture?", other, sentence, ROWS[2]) == set()
