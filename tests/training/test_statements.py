"""Questions that become statements, and the claims that are made from them."""

from __future__ import annotations

import gzip
import json
import random
import re
from pathlib import Path

import pytest

from training.truth.asked import asked
from training.verifier import records
from training.verifier.statements import kind_of, statement, verbs_of

VERBS = frozenset("send invade give meet cost have move".split())


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("Who wrote her biography?", "Agnieszka Wolna", "Agnieszka Wolna wrote her biography."),
        ("How many trucks did Japan send to Ukraine?", "101", "Japan sent 101 trucks to Ukraine."),
        ("When did Russia invade Ukraine?", "2022", "Russia invaded Ukraine in 2022."),
        ("When did they meet?", "May 3, 1999", "They met on May 3, 1999."),
        ("where was Marwitz born", "Görlitz", "Marwitz was born in Görlitz."),
        ("Where was it sold?", "in Bern", "It was sold in Bern."),
        ("What is the name of the machine?", "Brisa", "The name of the machine is Brisa."),
        ("What is used for cooling?", "water", "Water is used for cooling."),
        ("In what year did she move?", "1946", "She moved in 1946."),
        ("What warranty does the machine have?", "two years", "The machine has two years."),
        ("How many people were invited?", "Four", "Four people were invited."),
        ("Which city has been criticized?", "Rome", "Rome has been criticized."),
    ],
)
def test_a_question_and_its_answer_become_a_sentence(question: str, answer: str, said: str) -> None:
    made = statement(question, VERBS)
    assert made is not None
    assert made.with_answer(answer) == said


@pytest.mark.parametrize(
    ("question", "answer", "denied"),
    [
        ("How many trucks did Japan send?", "55", "Japan did not send 55 trucks."),
        ("Where was Marwitz born?", "Berlin", "Marwitz was not born in Berlin."),
        ("What does the machine cost?", "9 euros", "The machine does not cost 9 euros."),
    ],
)
def test_a_statement_can_be_denied(question: str, answer: str, denied: str) -> None:
    made = statement(question, VERBS)
    assert made is not None
    assert made.with_answer(answer, denied=True) == denied


@pytest.mark.parametrize(
    "question",
    ["", "Is it raining?", "Why?", "What never changed in it?", "Name one of them", "What?"],
)
def test_a_question_of_another_form_gives_nothing(question: str) -> None:
    assert statement(question, VERBS) is None


def test_an_answer_that_is_too_long_or_empty_makes_no_sentence() -> None:
    made = statement("When did they meet?", VERBS)
    assert made is not None
    assert made.with_answer(" . ") is None
    assert made.with_answer("word " * 12) is None


def test_verbs_are_found_by_to_and_by_their_past() -> None:
    texts = ["They want to walk. We like to walk.", "She walked to town.", "He had to town."]
    assert verbs_of(texts) == {"walk"}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("May 3", "date"), ("1999", "date"), ("12 boats", "number"), ("New York", "name"),
     ("by boat", "words")],
)  # fmt: skip
def test_answers_are_of_a_sort(answer: str, kind: str) -> None:
    assert kind_of(answer) == kind


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [
        {
            "title": "Harbours",
            "context": f"The harbour of Lunden was built in 1{n}11. It cost {n}00 crowns.",
            "question": "When was the harbour of Lunden built?",
            "answers": [{"text": f"1{n}11", "start": 36}],
        }
        for n in range(2, 9)
    ]
    with gzip.open(tmp_path / "set.jsonl.gz", "wt") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def test_claims_of_questions_are_true_wrong_denied_or_without_evidence(data: Path) -> None:
    settings = {
        "questions": {"set": 7}, "right": 1.0, "rightly_denied": 1.0, "wrong": [1, 1, 1],
    }  # fmt: skip
    found = list(asked(data, settings, seed=1))
    assert found == list(asked(data, settings, seed=1))
    kinds = {claim.origin.removeprefix("made-asked-") for claim in found}
    assert kinds >= {"true", "rightly-denied"}
    assert kinds & {"wrong", "denied", "withheld"}
    for claim in found:
        year = next(text for text in (*claim.pool, "") if "built" in text or not text)[-5:-1]
        kind = claim.origin.removeprefix("made-asked-")
        assert claim.label == (2 if kind in ("true", "rightly-denied") else 0)
        if kind == "true":
            assert claim.text == f"The harbour of Lunden was built in {year}."
        elif kind == "withheld":
            assert all("built" not in text for text in claim.pool)
        elif kind == "denied":
            assert claim.text == f"The harbour of Lunden was not built in {year}."
        else:
            assert year not in claim.text


def test_claims_about_a_record_are_true_or_false_by_its_lines() -> None:
    drawn = random.Random(4)
    for kind in records.kinds():
        for claim in records.claims(kind, drawn):
            assert claim.text.endswith(".")
            assert "{" not in claim.text
            assert "|" not in "".join(claim.lines) + claim.text
            assert claim.supported == claim.kind.startswith("true")
            assert all(re.match(r"\w[\w ]*: \S", line) for line in claim.lines)
            if claim.before:
                assert claim.before != claim.text
    again = [list(records.claims("ship", random.Random(9))) for _ in range(2)]
    assert again[0] == again[1]
