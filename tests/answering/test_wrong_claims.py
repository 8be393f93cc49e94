"""Every kind of wrong claim that the built-in check is made to notice, beside true ones."""

from __future__ import annotations

import pytest

from chatbot import Settings
from chatbot.answering.check import check_text
from chatbot.answering.grounding import Grounder
from chatbot.models.embedders import load_embedder
from chatbot.models.verifier import load_verifier
from chatbot.types import Verdict

LIGHTHOUSE = (
    "The lighthouse at Brindle Point has 214 steps and 9 lamps. Edith Marlow built it in 1871, and "
    "it has had electric light since March 1934. Its keeper, Jonas Reeve, lives on the mainland. "
    "The tower is 38 metres high. The lamp does not turn in daylight. A ticket costs 6 euros for "
    "adults and 3 euros for children. The council plans to open a café beside it in 2027."
)
HALL = "name: Harbour Hall\nseats: 120\ncaretaker: Ivy Stone\nparking: no"
PARTS = """\
| part | price | weight |
|---|---|---|
| BX-204 | 18 euros | 2 kg |
| BX-310 | 25 euros | 5 kg |"""
PASSES = pytest.mark.xfail(strict=True, reason="one in four of the kind passes: see the card")
GOOD = (Verdict.QUOTED, Verdict.SUPPORTED)
PLAN = "The council opened a café beside the lighthouse."


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    return Grounder(load_verifier(Settings(), load_embedder(Settings())))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        pytest.param("The lighthouse has 241 steps.", LIGHTHOUSE, id="another number"),
        pytest.param("The tower is 38 feet high.", LIGHTHOUSE, id="another unit"),
        pytest.param("It has had electric light since May 1934.", LIGHTHOUSE, id="another month"),
        pytest.param("Edith Marlow built it in 1817.", LIGHTHOUSE, id="another year"),
        pytest.param("Edith Barlow built the lighthouse.", LIGHTHOUSE, id="another name"),
        pytest.param("The architect, Jonas Reeve, lives on the mainland.", LIGHTHOUSE, id="role"),
        pytest.param("The lamp turns in daylight.", LIGHTHOUSE, id="a denial dropped"),
        pytest.param("The keeper does not live on the mainland.", LIGHTHOUSE, id="a denial added"),
        pytest.param(
            "The lighthouse has 9 steps and 214 lamps.",
            LIGHTHOUSE,
            id="swapped values",
            marks=PASSES,
        ),
        pytest.param(
            "The lighthouse has 214 lamps.",
            LIGHTHOUSE,
            id="the count of another thing",
            marks=PASSES,
        ),
        pytest.param("Jonas Reeve built the lighthouse in 1871.", LIGHTHOUSE, id="mixed sentences"),
        pytest.param(PLAN, LIGHTHOUSE, id="planned, told as done"),
        pytest.param("A ticket costs 3 euros for adults.", LIGHTHOUSE, id="another's price"),
        pytest.param("Harbour Hall has 210 seats.", HALL, id="another value of a record"),
        pytest.param("Harbour Hall has parking.", HALL, id="what a record denies"),
        pytest.param("Harbour Hall has a lift.", HALL, id="a line that is not there"),
        pytest.param("BX-310 costs 18 euros.", PARTS, id="another row"),
        pytest.param("BX-204 weighs 5 kg.", PARTS, id="another row's weight"),
        pytest.param("BX-402 costs 18 euros.", PARTS, id="an identifier that is not there"),
    ],
)
def test_a_wrong_claim_is_not_supported(claim: str, source: str, grounder: Grounder) -> None:
    assert check_text(claim, [source], grounder=grounder).claims[0].verdict not in GOOD


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The lighthouse has 214 steps.", LIGHTHOUSE),
        ("The lighthouse was built by Edith Marlow.", LIGHTHOUSE),
        ("The keeper, Jonas Reeve, lives on the mainland.", LIGHTHOUSE),
        ("The council plans to open a café beside the lighthouse.", LIGHTHOUSE),
        ("The lighthouse has 9 lamps and 214 steps.", LIGHTHOUSE),
        ("Children pay 3 euros for a ticket.", LIGHTHOUSE),
        ("Harbour Hall has 120 seats.", HALL),
        ("Harbour Hall has no parking.", HALL),
        ("BX-310 costs 25 euros.", PARTS),
        ("BX-204 weighs 2 kg.", PARTS),
    ],
)
def test_a_true_claim_is_supported(claim: str, source: str, grounder: Grounder) -> None:
    assert check_text(claim, [source], grounder=grounder).claims[0].verdict in GOOD


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("How many steps does the lighthouse have?", "214", "9"),
        pytest.param("Who built the lighthouse?", "Edith Marlow", "Jonas Reeve", marks=PASSES),
        ("When did the lighthouse get electric light?", "In March 1934.", "In 1871."),
        ("What does a ticket for adults cost?", "6 euros", "3 euros"),
    ],
)
def test_a_short_answer_is_held_against_its_question(
    question: str, right: str, wrong: str, grounder: Grounder
) -> None:
    def verdict(text: str) -> Verdict:
        checked = check_text(text, [LIGHTHOUSE], grounder=grounder, question=question)
        return checked.claims[0].verdict

    assert verdict(right) in GOOD
    assert verdict(wrong) not in GOOD
