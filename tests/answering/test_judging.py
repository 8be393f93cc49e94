from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from chatbot.answering.judging import Judge, Weighed
from chatbot.answering.ranking import Signals
from chatbot.errors import ModelError
from chatbot.models.reader import Candidate, Reader, Reading, load_reader
from chatbot.settings import Settings

SIGNALS = Signals(
    dense=0.5, chunk_dense=0.5, coverage=0.5, with_before=0.5, in_chunk=0.5, phrases=0.2,
    neighbour=1.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader(Settings())


def weigh(reader: Reader, question: str, *texts: str) -> list[Weighed]:
    candidates = [Candidate(text=text, passage=text, start=0) for text in texts]
    return [
        Weighed(signals=SIGNALS, score=10.0, reading=reading)
        for reading in reader.read(question, candidates)
    ]


def test_a_sentence_that_answers_is_likelier_than_one_that_does_not(reader: Reader) -> None:
    question = "When did the harbour of Lunden open?"
    good, bad = "The harbour of Lunden opened in May 1987.", "The bakery sells rye bread."
    judge = Judge(reader)
    both = judge.judge(weigh(reader, question, bad, good))
    assert both.order[0] == 1
    alone = judge.judge(weigh(reader, question, bad))
    assert both.p_answered > judge.threshold > alone.p_answered


def test_without_sentences_nothing_answers(reader: Reader) -> None:
    assert Judge(reader).judge([]).p_answered == 0


def test_before_a_model_is_asked_only_the_hopeless_is_refused(reader: Reader) -> None:
    judge = Judge(reader)
    assert judge.threshold_with_model < judge.threshold


def test_a_fit_to_other_numbers_is_named(reader: Reader) -> None:
    class Other:
        fit: Mapping[str, Any] = {**reader.fit, "sentence": {"inputs": ["luck"]}}

        def read(self, question: str, candidates: Sequence[Candidate]) -> list[Reading]:
            return []

        def unusable(self, error: Exception) -> Exception:
            return ModelError(f"cannot be used ({error})")

    with pytest.raises(ModelError, match="other numbers"):
        Judge(Other())
