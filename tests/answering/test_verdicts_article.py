"""Verdicts that must feel right: claims on the article and a second text."""

from __future__ import annotations

import pytest

from benchmarks.grounding_cases import ARTICLE, HELD_OUT, LIBRARY, RECORD_CLAIMS, TUNING, HandCase
from chatbot import Settings
from chatbot.answering.check import check_text
from chatbot.answering.grounding import Grounder
from chatbot.models.embedders import load_embedder
from chatbot.models.verifier import load_verifier
from chatbot.types import Check, Verdict

TEXT = "\n\n".join(ARTICLE)
LEAST = 0.75
"""Share of the claims written by hand that are told right."""
MEMBER = "Ukraine is a member of NATO."
PASSES = pytest.mark.xfail(strict=True, reason="half of the plans told as done pass: see the card")
GOOD = (Verdict.QUOTED, Verdict.SUPPORTED)


@pytest.fixture(scope="module")
def grounder() -> Grounder:
    return Grounder(load_verifier(Settings(), load_embedder(Settings())))


def checked(claim: str, grounder: Grounder) -> Check:
    return check_text(claim, [TEXT], grounder=grounder)


@pytest.mark.parametrize(
    "claim",
    [
        # a number, a date, a name, a place, a country, a thing
        "Japan sent 110 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024.",
        "Japan sent 101 trucks and other SDF vehicles to Ukraine between May 2021 and March 2024.",
        "Nakatani held talks with Ukrainian Defense Minister Oleksii Reznikov.",
        "The first-ever defense ministerial gathering of the Group of Seven takes place in France.",
        "Canada sent 101 trucks and other SDF vehicles to Ukraine between May 2023 and March 2024.",
        "Japan sent 101 tanks to Ukraine.",
        "Japan sent 101 tanks.",
        # what is wished for is not what happened
        *(pytest.param(claim, marks=PASSES) for claim in ("Ukraine joined NATO.", MEMBER)),
        # true in general, but not said here
        "Water boils at 100 degrees Celsius at sea level.",
    ],
)
def test_a_near_miss_is_not_supported(claim: str, grounder: Grounder) -> None:
    assert checked(claim, grounder).claims[0].verdict not in GOOD


@pytest.mark.parametrize(
    "claim",
    [
        "Rutte said that Ukraine will become a member.",
        "Japan provided 101 vehicles to Ukraine.",
        "Nakatani met Umerov.",
        "Zelenskyy thanked Japan.",
        "Japan gave Ukraine 101 trucks and other SDF vehicles.",
        "Russia's full-scale invasion of Ukraine began in 2022.",
    ],
)
def test_the_same_in_other_words_is_supported(claim: str, grounder: Grounder) -> None:
    found = checked(claim, grounder).claims[0]
    assert found.verdict in GOOD
    assert found.evidence


def test_a_claim_that_joins_two_facts_points_to_both(grounder: Grounder) -> None:
    joined = (
        "Japan sent 101 trucks and other SDF vehicles to Ukraine, and NATO has invited leaders "
        "from Asian and Oceanian countries to its summits since 2022."
    )
    found = checked(joined, grounder).claims[0]
    assert found.verdict in GOOD
    assert {ARTICLE[6], ARTICLE[7]} <= {place.text for place in found.evidence}


@pytest.mark.parametrize("text", ["## Summary", "According to the article:", "Hello!"])
def test_what_claims_nothing_gets_no_verdict(text: str, grounder: Grounder) -> None:
    assert checked(text, grounder).claims[0].verdict is Verdict.NO_CLAIM


def right(case: HandCase, grounder: Grounder) -> bool:
    found = check_text(case.claim, ["\n\n".join(case.text)], grounder=grounder)
    return (found.claims[0].verdict in GOOD) == case.supported


@pytest.mark.slow
def test_most_claims_written_by_hand_are_told_right(grounder: Grounder) -> None:
    cases = [*TUNING, *HELD_OUT]
    share = sum(right(case, grounder) for case in cases) / len(cases)
    assert share >= LEAST, f"{share:.3f} of {len(cases)}"


def test_claims_about_a_record_are_told_by_its_lines(grounder: Grounder) -> None:
    told = {
        claim: check_text(claim, [LIBRARY], grounder=grounder).claims[0].verdict in GOOD
        for claim, _ in RECORD_CLAIMS
    }
    right = sum(told[claim] == true for claim, true in RECORD_CLAIMS)
    assert right / len(RECORD_CLAIMS) >= LEAST
    assert told["Westbrook Library is in Westbrook."]
    for wrong in (
        *("in Oslo.", "opened in 1984.", "holds 42,800 books.", "is not free."),
        *("has study rooms.", "has a car park."),
    ):
        assert not any(told[claim] for claim, _ in RECORD_CLAIMS if claim.endswith(wrong))
