"""Which words of a claim the evidence has nothing for: from the network to the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot import Settings
from chatbot.answering.check import check_text
from chatbot.answering.claims import bare, to_bare, to_text
from chatbot.answering.grounding import Grounder
from chatbot.models.embedders import load_embedder
from chatbot.models.verifier import load_verifier
from chatbot.types import Answer, Claim, Span, Verdict
from chatbot.ui.answer_text import claim_views
from chatbot.ui.draft import TurnDraft
from chatbot.ui.texts import texts_in
from tests.models.test_other_networks import changed

TRUCKS = "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024."
WRONG = (("2024", "2021"), ("Ukraine", "Poland"), ("Japan", "Canada"))
NEAR_MISSES = {TRUCKS.replace(right, wrong): wrong for right, wrong in WRONG}


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    return Grounder(load_verifier(Settings(), load_embedder(Settings())))


def spans_of(text: str, *words: str) -> tuple[Span, ...]:
    return tuple(Span(start=text.index(word), end=text.index(word) + len(word)) for word in words)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("- Bo was **very** glad [2].", "Bo was very glad."),
        ("## 12. Bo was very  glad", "Bo was very glad"),
        ("Rates [1] rose by 1 very large point.", "Rates rose by 1 very large point."),
        ("| very | glad |", "very, glad"),
    ],
)
def test_a_word_keeps_its_place_when_marks_are_taken_away(text: str, plain: str) -> None:
    assert bare(text) == plain
    assert to_text(text, spans_of(plain, "very")) == spans_of(text, "very")
    assert to_bare(text, spans_of(text, "very")) == spans_of(plain, "very")


def test_a_number_is_not_taken_for_the_number_of_a_marker() -> None:
    text = "Rates [1] rose by 1 point."
    found = to_text(text, spans_of(bare(text), "1"))
    assert found == (Span(start=text.rindex("1"), end=text.rindex("1") + 1),)


@given(st.text(max_size=120))
def test_places_of_any_text_are_places_of_the_same_words(text: str) -> None:
    plain = bare(text)
    for word in re.finditer(r"\S+", plain):
        for span in to_text(text, [Span(start=word.start(), end=word.end())]):
            assert letters(text[span.start : span.end]) in letters(word.group())


def letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


@pytest.mark.parametrize(("claim", "wrong"), NEAR_MISSES.items())
def test_the_changed_word_is_named(claim: str, wrong: str, grounder: Grounder) -> None:
    text = f"A word before. **{claim}**"
    found = check_text(text, [TRUCKS], grounder=grounder).claims[-1]
    assert found.verdict is Verdict.UNSUPPORTED
    doubted = [text[span.start : span.end] for span in found.doubted]
    assert any(wrong in words for words in doubted), doubted
    assert len(" ".join(doubted).split()) <= 4


def test_nothing_is_doubted_in_what_is_supported_or_quoted(grounder: Grounder) -> None:
    for claim in (TRUCKS, "Japan sent 101 trucks to Ukraine."):
        assert check_text(claim, [TRUCKS], grounder=grounder).claims[0].doubted == ()


def test_a_network_that_was_not_fitted_to_tell_words_tells_none(tmp_path: Path) -> None:
    settings = Settings(verifier_dir=changed(tmp_path / "own", "verifier", doubt=None))
    verifier = load_verifier(settings, load_embedder(settings))
    claim = "Canada sent five cars to Poland in 2021, and two hundred boats."
    assert verifier.judge([(claim, [f"{TRUCKS} It sent 5 cars."])])[0].doubted() == ()


def with_doubt() -> Answer:
    text = "Ann left. 🙂 Bo was **very** glad [1]."
    start = text.index("🙂")
    claim = Claim(
        text=text[start:],
        start=start,
        end=len(text),
        verdict=Verdict.PARTLY,
        score=0.2,
        doubted=spans_of(text, "very"),
    )
    return Answer(
        text=text,
        refused=False,
        mode="some-model",
        notice=None,
        question="Who was glad?",
        search_query="Who was glad?",
        claims=(claim,),
    )


def test_the_page_gets_the_text_of_a_claim_in_pieces() -> None:
    known = with_doubt()
    draft = TurnDraft(id="1", question="?", mode="some-model", text=known.text, claims=known.claims)
    view = claim_views(draft, texts_in("en"))[0]
    assert view["pieces"] == [["🙂 Bo was ", False], ["very", True], [" glad.", False]]
    assert "".join(text for text, _ in view["pieces"]) == view["text"]


def test_an_answer_keeps_them_and_one_of_an_earlier_version_has_none() -> None:
    answer = with_doubt()
    assert Answer.from_dict(answer.to_dict()) == answer
    old = answer.to_dict()
    del old["claims"][0]["doubted"]
    assert Answer.from_dict(old).claims[0].doubted == ()
