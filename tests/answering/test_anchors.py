from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.answering.anchors import (
    ANOTHER,
    InContext,
    forms_of,
    is_denied,
    named_in,
    place_of,
)
from chatbot.types import AnchorKind


def identifiers(question: str) -> list[str]:
    return [one.text for one in named_in(question) if one.kind is AnchorKind.IDENTIFIER]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("What does KB-5521 cost?", ["KB-5521"]),
        ("What does kb-5521 cost?", ["kb-5521"]),
        ("What does the code E_TIMEOUT_7 mean?", ["E_TIMEOUT_7"]),
        ("Who paid REC-2031-0042?", ["REC-2031-0042"]),
        ("What changed in v2.14.3?", ["v2.14.3"]),
        ("How large is room 17?", ["room 17"]),
        ("Where does Platform C9 lie?", ["Platform C9"]),
        ("What does § 8.3 say?", ["§ 8.3"]),
        ("When was order 90417 sent?", ["order 90417"]),
        ("What is step 4?", ["step 4"]),
        ("What does ＫＢ－５５２１ cost?", ["ＫＢ－５５２１"]),
        ("How many of the 12 boats came back on the 3rd day?", []),
        ("What weighs 40kg?", []),
        ("What happened in the 1990s?", []),
        ("How long is the 24-hour race?", []),
        ("What happened on 2031-04-05?", []),
    ],
)
def test_identifiers_of_a_question_are_found_whole(question: str, found: list[str]) -> None:
    assert identifiers(question) == found


@pytest.mark.parametrize(
    ("question", "text", "there"),
    [
        ("What does KB-5521 cost?", "The board KB-5521 costs 8 euros.", True),
        ("What does KB-5521 cost?", "The board KB–5521 costs 8 euros.", True),
        ("What does KB 5521 cost?", "The board KB-5521 costs 8 euros.", True),
        ("What does ＫＢ５５２１ cost?", "The board KB-5521 costs 8 euros.", True),
        ("What does KB-5521 cost?", "The board KB-5522 costs 8 euros.", False),
        ("What does KB-5521 cost?", "The board KB-5521-A costs 8 euros.", False),
        ("What does KB-5521 cost?", "The board KB-55210 costs 8 euros.", False),
        ("What does § 8.3 say?", "§ 8.3 Dogs are kept on a lead.", True),
        ("What does § 8.3 say?", "§ 8.3.1 Cats are not.", False),
        ("How large is room 17?", "Rooms 16 and 17 have 20 square metres.", True),
        ("How large is room 17?", "Table 17 has 20 seats.", False),
        ("What is step 4?", "4. Close the lid.", True),
        ("What is step 4?", "3. Open the lid.", False),
    ],
)
def test_an_identifier_is_in_a_text_exactly_or_not_at_all(
    question: str, text: str, there: bool
) -> None:
    (named,) = (one for one in named_in(question) if one.kind is AnchorKind.IDENTIFIER)
    assert (place_of(named, InContext(text=text)) == "sentence") is there


def test_a_sentence_has_what_stands_before_it_unless_another_one_is_nearer() -> None:
    (named,) = named_in("what does KB-5521 cost?")
    cost = "It costs 8 euros."
    mine, other = "This is the board KB-5521.", "This is the board KB-5522."
    assert place_of(named, InContext(text=cost, before=(mine,))) == "before"
    assert place_of(named, InContext(text=cost, before=(other, mine))) == ANOTHER
    assert place_of(named, InContext(text=cost, heading="KB-5521")) == "heading"
    assert place_of(named, InContext(text=cost, title="Manual of the KB-5521")) == "title"
    assert place_of(named, InContext(text=cost)) is None


@pytest.mark.parametrize(
    "written",
    [
        "On 7 March 2031 it rained.",
        "On March 7, 2031 it rained.",
        "On the 7th of March 2031 it rained.",
        "2031-03-07: rain",
        "Rain fell on 07.03.2031.",
        "Rain fell on 03/07/2031.",
        "On the seventh of March 2031 it rained.",
    ],
)
def test_a_day_is_the_same_in_every_form(written: str) -> None:
    (named,) = named_in("what happened on 7 March 2031?")
    assert place_of(named, InContext(text=written)) == "sentence"


def test_another_day_is_another_day() -> None:
    (named,) = named_in("what happened on 7 June 2031?")
    assert named.required
    for text in ("On 7 March 2031 it rained.", "On 8 June 2031 it rained.", "It rained in 2031."):
        assert place_of(named, InContext(text=text)) in (ANOTHER, None)


def test_spans_of_time_hold_what_lies_in_them() -> None:
    (year,) = named_in("what was built in 2032?")
    assert (
        place_of(year, InContext(text="It was built between May 2031 and June 2033.")) is not None
    )
    assert is_denied(year, InContext(text="It was built between May 2034 and June 2035."))
    (day,) = named_in("is it open on Wednesday?")
    assert place_of(day, InContext(text="Tuesday to Friday: 9 to 5")) == "sentence"
    assert is_denied(day, InContext(text="Saturday: 9 to 1"))
    (after,) = named_in("what happened after 7 March 2031?")
    assert place_of(after, InContext(text="On 9 May 2031 it snowed.")) == "sentence"
    assert place_of(after, InContext(text="On 2 January 2031 it snowed.")) == ANOTHER


def test_a_day_is_searched_for_in_its_usual_forms() -> None:
    (named,) = named_in("what happened on 2031-03-07?")
    assert {"7 March", "March 7", "2031-03-07"} <= set(forms_of(named))


def test_numbers_with_units_are_required_and_bounds_are_not() -> None:
    (with_unit,) = named_in("who sold 250 lamps?")
    assert with_unit.kind is AnchorKind.NUMBER
    assert with_unit.required
    assert not named_in("which rooms have more than 20 seats?")


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_asked_and_read(question: str, text: str) -> None:
    for one in named_in(question):
        assert question[one.start : one.end].strip() == one.text.strip()
        place_of(one, InContext(text=text))


def test_the_label_of_a_number_in_a_long_row_is_looked_for_nearby_alone() -> None:
    [room] = [one for one in named_in("How high is it in room 2?") if one.required]
    row = InContext(text="Readings of table 1: " + "2 " * 2_000 + "end.")
    began = time.process_time()
    assert place_of(room, row) in (None, "another")
    assert time.process_time() - began < 1
