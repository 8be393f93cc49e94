from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.errors import ModelError
from chatbot.models import reader as reader_module
from chatbot.models.candidates import Candidate, Signals
from chatbot.models.embedder import load_embedder
from chatbot.models.reader import Reader, load_reader
from chatbot.models.reader_features import FEATURES, features
from chatbot.models.reader_soft import SOFT_FEATURES, SoftMatcher
from chatbot.settings import Settings

MATCHER = SoftMatcher(load_embedder(Settings()))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Settings(), load_embedder(Settings()))


def candidate(text: str, *, fit: float = 0.5, score: float = 10.0) -> Candidate:
    return Candidate(
        text=text,
        passage=text,
        start=0,
        score=score,
        signals=Signals(
            dense=fit,
            chunk_dense=fit,
            coverage=fit,
            with_before=fit,
            in_chunk=fit,
            phrases=fit / 2,
            neighbour=2 * fit,
        ),
    )


def test_no_candidates_are_no_answer(reader: Reader) -> None:
    reading = reader.read("Who opened the harbour?", [])
    assert reading.p_answered == 0
    assert reading.answering == ()


def test_a_sentence_that_fits_is_more_likely_an_answer_than_one_that_does_not(
    reader: Reader,
) -> None:
    question = "When did the harbour of Lunden open?"
    good = candidate("The harbour of Lunden opened in May 1987.", fit=0.9, score=20)
    bad = candidate("The bakery sells rye bread.", fit=0.05, score=2)
    reading = reader.read(question, [good, bad])
    assert reading.answering[0] == 0
    assert reading.scores[0] > reading.scores[1]
    assert reading.p_answered > reader.read(question, [bad]).p_answered


def test_a_name_that_the_passage_does_not_hold_makes_an_answer_unlikely(reader: Reader) -> None:
    there = candidate("Mayor Sollow opened the harbour in May 1987.", fit=0.6)
    asked = reader.read("When did Sollow open the harbour?", [there])
    other = reader.read("When did Brandt open the harbour?", [there])
    assert other.p_answered < asked.p_answered


def test_a_short_answer_is_given_inside_the_sentence(reader: Reader) -> None:
    text = "The harbour of Lunden opened in May 1987."
    reading = reader.read("When did the harbour open?", [candidate(text, fit=0.9)])
    span = reading.spans[0]
    assert text[span.start : span.end] == "May 1987"


def test_a_heading_and_a_question_of_the_text_are_no_answers(reader: Reader) -> None:
    asked = "Why did the harbour of Lunden open?"
    heading = replace(candidate("Why the harbour of Lunden opened", fit=0.9), heading=True)
    question = candidate("Why did the harbour of Lunden open?", fit=0.9)
    answer = candidate("It opened because fishing boats had nowhere to go.", fit=0.3)
    reading = reader.read(asked, [heading, question, answer])
    assert {0, 1}.isdisjoint(reading.answering) or reading.p_answered < reading.threshold
    alone = reader.read(asked, [heading, question])
    assert alone.p_answered < alone.threshold


def test_less_is_refused_before_a_model_is_asked(reader: Reader) -> None:
    reading = reader.read("When?", [candidate("A bakery.")])
    assert 0 < reading.threshold_with_model < reading.threshold < 1


@pytest.mark.slow
@given(question=st.text(max_size=80), texts=st.lists(st.text(min_size=1, max_size=80), min_size=1))
@settings(deadline=None)
def test_any_text_gives_numbers(reader: Reader, question: str, texts: list[str]) -> None:
    candidates = [candidate(text) for text in texts]
    rows = features(question, candidates, MATCHER)
    assert rows.shape == (len(texts), len(FEATURES))
    assert np.isfinite(rows[:, : -len(SOFT_FEATURES)]).all()
    reading = reader.read(question, candidates)
    assert 0 <= reading.p_answered <= 1
    assert set(reading.answering) <= set(range(len(texts)))


@pytest.mark.parametrize("damage", ["missing", "no json", "other features", "no sentence"])
def test_weights_that_cannot_be_used_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    data = json.loads((reader_module.BUILTIN / "weights.json").read_text(encoding="utf-8"))
    if damage == "other features":
        data["features"] = data["features"][1:]
    if damage == "no sentence":
        del data["sentence"]
    text = "{" if damage == "no json" else json.dumps(data)
    if damage != "missing":
        (tmp_path / "weights.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr(reader_module, "BUILTIN", tmp_path)
    with pytest.raises(ModelError, match=r"weights\.json"):
        load_reader(Settings(), load_embedder(Settings()))
