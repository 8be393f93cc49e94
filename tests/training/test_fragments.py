"""Short answers as claims, and claims about drawn texts."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from training.truth.drawn import counts, drawn_claims, identifiers, plans, scenes, tables
from training.truth.fragments import fragments, other_counts
from training.truth.verifier_data import windows
from training.truth.verifier_sets import SUPPORTED, Claim

PASSAGE = (
    "The tower of Lunden was built in 1912 by Ada Holm. It carries 3 lamps and 199 steps lead up. "
    "It burnt down in 1950."
)
ASKED = {
    "When was the tower of Lunden built?": "1912",
    "How many lamps does the tower carry?": "3",
    "When did the tower burn down?": "1950",
    "Who built the tower of Lunden?": "Ada Holm",
}


@pytest.fixture
def found(tmp_path: Path) -> list[Claim]:
    rows = [
        {"title": "Towers", "context": PASSAGE, "question": question, "answers": [{"text": answer}]}
        for question, answer in ASKED.items()
    ]
    rows += [
        {
            "title": "Mills",
            "context": f"The mill of Osten was sold to Ida Berg in 18{n}0.",
            "question": "When was the mill of Osten sold?",
            "answers": [{"text": f"18{n}0"}],
        }
        for n in range(3, 8)
    ]
    with gzip.open(tmp_path / "set.jsonl.gz", "wt") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    settings = {"questions": {"set": 9}, "right": 1.0, "wrong": 9}
    made = list(fragments(tmp_path, settings, seed=1))
    assert made == list(fragments(tmp_path, settings, seed=1))
    return made


def of(found: list[Claim], kind: str) -> dict[str, str]:
    return {
        claim.question: claim.text.rstrip(".")
        for claim in found
        if claim.origin == f"made-fragment-{kind}" and "Tower" in claim.group
    }


def test_the_answer_of_a_question_is_a_right_fragment(found: list[Claim]) -> None:
    assert of(found, "right") == ASKED
    assert all((claim.label == SUPPORTED) == claim.origin.endswith("right") for claim in found)


def test_the_answer_of_another_question_of_the_passage_is_a_wrong_one(found: list[Claim]) -> None:
    beside = of(found, "beside")
    assert beside["When was the tower of Lunden built?"] == "1950"
    for question, answer in beside.items():
        assert answer in ASKED.values()
        assert answer != ASKED[question]


def test_the_count_of_another_thing_is_a_wrong_one(found: list[Claim]) -> None:
    assert of(found, "count")["How many lamps does the tower carry?"] in ("199", "199 steps")
    assert len(of(found, "count")) == 1
    assert other_counts("It has 3 lamps and three bells.", ["3"]) == []


def test_a_right_answer_whose_sentence_is_gone_is_a_wrong_one(found: list[Claim]) -> None:
    gone = [claim for claim in found if claim.origin.endswith("withheld")]
    assert gone
    for claim in gone:
        assert not any(claim.text.rstrip(".").lower() in text.lower() for text in claim.pool)
        assert claim.bad is None


def test_an_answer_of_another_passage_is_not_in_this_one(found: list[Claim]) -> None:
    elsewhere = of(found, "elsewhere")
    assert elsewhere
    assert not any(answer in PASSAGE for answer in elsewhere.values())


def test_a_fragment_is_read_behind_its_question_and_its_words_are_the_wrong_ones() -> None:
    claim = Claim(
        question="Is it 1912?", text="1912", pool=(PASSAGE,), label=0, group="g",
        origin="made-fragment-beside", given=True, bad=((0, 4),),
    )  # fmt: skip
    yes = Claim(
        question="Is it old?", text="Yes.", pool=(PASSAGE,), label=2, group="h",
        origin="made-plans-true", given=True, bad=(),
    )  # fmt: skip
    one, other = windows([claim, yes], None, seed=0)  # type: ignore[arg-type]
    assert one.asked == "Is it 1912? 1912"
    assert one.bad == ((12, 16),)
    assert other.asked == "Is it old? Yes."


@pytest.mark.parametrize("maker", [identifiers, plans, tables, counts, scenes])
def test_a_drawn_text_has_true_and_false_claims_and_answers(maker: object) -> None:
    text = maker(random.Random(5))  # type: ignore[operator]
    kinds = Counter((bool(one.question), one.true) for one in text.said)
    assert set(kinds) == {(False, False), (False, True), (True, False), (True, True)}
    assert len({(one.question, one.text) for one in text.said}) == len(text.said)


def test_a_changed_identifier_stands_nowhere_and_another_one_has_another_value() -> None:
    for seed in range(20):
        text = identifiers(random.Random(seed))
        true, changed, other, *_ = (one.text for one in text.said)
        assert true in text.pool
        assert changed not in text.pool
        assert other not in text.pool
        assert len(true) == len(changed)
        assert sum(a != b for a, b in zip(true, changed, strict=True)) == 1
        name = re.match(rf"The ({text.form} .+?) (?:is|was|costs|belongs)", changed)
        assert name is not None
        assert not any(name[1] in line for line in text.pool)


def test_what_is_planned_is_not_done_and_what_is_done_is_not_planned() -> None:
    text = plans(random.Random(2))
    planned, done = text.said[0].text, text.said[1].text
    wrong = {one.text for one in text.said if not one.true and not one.question}
    thing = {planned.split(f" {text.form} ")[1], done.split(" has ")[1].split(" ", 1)[1]}
    assert len(thing) == 2
    assert any(
        " has " in text and thing & {text.split(" has ")[1].split(" ", 1)[1]} for text in wrong
    )
    answers = {one.question: one.true for one in text.said if one.text == "Yes."}
    assert sorted(answers.values()) == [False, True]


def test_rows_of_a_table_are_read_by_their_header() -> None:
    forms = set()
    for seed in range(12):
        text = tables(random.Random(seed))
        true = next(one for one in text.said if one.true and one.question)
        name = next(
            line for line in text.pool if any(word in line for word in true.question.split())
        )
        forms.add(" | " in name)
        assert any(true.text in line for line in text.pool)
    assert forms == {True, False}


def test_two_counts_are_given_to_each_other() -> None:
    text = counts(random.Random(4))
    (few, one), (many, other) = re.findall(r"(\d+) ([a-z ]+?)(?= and|\.)", text.pool[0])
    false = {said.text for said in text.said if not said.true}
    assert any(f"{many} {one} and {few} {other}" in said for said in false)
    assert {many, f"{many} {other}"} <= false


def test_a_form_is_in_training_or_in_dev_as_a_whole() -> None:
    made = list(drawn_claims({"counts": 30, "tables": 30}, seed=1))
    assert made == list(drawn_claims({"counts": 30, "tables": 30}, seed=1))
    groups = {claim.group for claim in made}
    assert groups >= {"drawn-counts-The choir", "drawn-tables-Ferry"}
    assert len(groups) == 12
