"""False claims made of words that all stand in the evidence."""

from __future__ import annotations

import random

import pytest

from training.verifier.across import affirm, claims, cross, exchanged


@pytest.mark.parametrize(
    ("said", "turned"),
    [
        ("It does not cover damage.", "It covers damage."),
        ("They did not go home.", "They went home."),
        ("We don't sell names.", "We sell names."),
        ("The harbour was never closed.", "The harbour was closed."),
        ("Boats cannot land here.", "Boats can land here."),
        ("The crane has no brake.", "The crane has a brake."),
        ("She never learned to ski.", "She learned to ski."),
        ("It isn't open.", "It is open."),
    ],
)
def test_a_denial_is_turned_around(said: str, turned: str) -> None:
    assert affirm(said) == turned


@pytest.mark.parametrize("said", ["It is open.", "It is not only old but small.", "Not now."])
def test_what_denies_nothing_is_left(said: str) -> None:
    assert affirm(said) is None


def test_what_is_said_of_one_thing_is_said_of_another() -> None:
    first, second = "The old harbour is closed on Sunday.", "A crane was built of steel in May."
    assert cross(first, second) == "The old harbour was built of steel in May."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The harbour is closed on Sunday.", "It was built of steel in May."),
        ("The harbour is closed on Sunday.", "The old harbour was built in May."),
        ("The harbour is closed on Sunday.", "Two cranes were built of steel."),
        ("Closed!", "Two cranes were built of steel."),
    ],
)
def test_two_sentences_that_may_be_about_the_same_are_not_mixed(first: str, second: str) -> None:
    assert cross(first, second) is None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("It had 40 boats and 7 cranes.", "It had 7 boats and 40 cranes."),
        ("Opened in 1912, it burnt in 1950.", "Opened in 1950, it burnt in 1912."),
        ("Ten boats and 5 % of the cars left.", None),
        ("It had 40 boats, forty in all.", None),
        ("Nothing is counted.", None),
    ],
)
def test_two_values_of_a_sentence_change_places(said: str, wrong: str | None) -> None:
    assert exchanged(said, random.Random(1)) == wrong


def test_claims_of_a_passage_are_drawn_by_the_seed_and_say_whether_they_are_true() -> None:
    pool = (
        "The old harbour is closed on Sunday.",
        "A crane was built of steel in May.",
        "The ferry does not carry any cars.",
    )
    found = list(claims(pool, random.Random(1), each=2))
    assert found == list(claims(pool, random.Random(1), each=2))
    assert ("affirm", "The ferry carries any cars.", False) in found
    assert ("kept", "The ferry does not carry any cars.", True) in found
    assert {kind for kind, _, _ in found} == {"affirm", "kept", "cross"}
    assert all(true == (kind == "kept") for kind, _, true in found)
