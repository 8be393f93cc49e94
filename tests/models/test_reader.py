"""What the reader's network is given to read, and what is made of its numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.models.model_files import ModelFiles
from chatbot.models.pair_model import BUILTIN, MAX_ASKED, PairTask, TextPair, load_task
from chatbot.models.reader import LONGEST, Candidate, Reader, best_span, read_windows
from chatbot.types import Span


@pytest.fixture(scope="module")
def model() -> PairTask:
    return load_task("reader", None, threads=2)


def in_passage(sentences: list[str], chosen: list[int]) -> list[Candidate]:
    """Some sentences of a passage as candidates."""
    passage = " ".join(sentences)
    places, at = [], 0
    for text in sentences:
        places.append(Span(start=at, end=at + len(text)))
        at += len(text) + 1
    return [
        Candidate(
            text=sentences[number],
            passage=passage,
            start=places[number].start,
            sentences=tuple(places),
        )
        for number in chosen
    ]


def test_a_passage_that_fits_is_read_once_for_all_its_candidates(model: PairTask) -> None:
    found = read_windows(
        in_passage(["One bird sang.", "Two cats ran.", "Rain fell."], [2, 0]), model.tokens, room=90
    )
    assert len(found) == 1
    assert found[0].candidates == ((0, 2), (1, 0))


@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=12),
    chosen=st.sets(st.integers(0, 11), min_size=1, max_size=6),
    room=st.integers(20, 100),
)
def test_every_candidate_stands_in_one_window_of_whole_sentences(
    model: PairTask, lengths: list[int], chosen: set[int], room: int
) -> None:
    texts = [" ".join(["bird"] * length) + "." for length in lengths]
    picked = sorted(number for number in chosen if number < len(texts)) or [0]
    candidates = in_passage(texts, picked)
    windows = read_windows(candidates, model.tokens, room=room)
    seen = sorted(at for window in windows for at, _ in window.candidates)
    assert seen == list(range(len(candidates)))
    for window in windows:
        assert 0 < window.end - window.first <= room
        for at, number in window.candidates:
            assert window.sentences[number].start == candidates[at].start
        assert len(window.sentences) == 1 or window.tokens[-1][1] <= room


def test_the_best_span_never_ends_before_it_begins_and_stays_short() -> None:
    drawn = np.random.default_rng(0)
    for tokens in (1, 5, 60):
        starts, ends = drawn.normal(size=(2, tokens)).astype(np.float32)
        first, last, score = best_span(starts, ends)
        assert 0 <= last - first < LONGEST
        assert score == pytest.approx(float(starts[first] + ends[last]))


def test_a_candidate_that_begins_inside_its_passage_has_its_span_in_its_own_text(
    model: PairTask,
) -> None:
    texts = ["A storm came.", "The harbour of Lunden opened in May 1987.", "Bread is sold."]
    candidates = in_passage(texts, [1, 0])
    right, wrong = Reader(model).read("When did the harbour open?", candidates)
    assert right.span is not None
    assert "1987" in texts[1][right.span.start : right.span.end]
    assert right.sentence > wrong.sentence
    assert right.lead > 0 > wrong.lead


def test_pairs_read_together_say_what_they_say_alone(model: PairTask) -> None:
    pairs = [
        TextPair(asked="Who sang?", passage="A bird sang in the old harbour all day long."),
        TextPair(asked="What fell on the town?", passage="Rain fell."),
        TextPair(asked="", passage=""),
    ]
    together = model.read(pairs)
    for pair, found in zip(pairs, together, strict=True):
        alone = model.read([pair])[0]
        assert np.array_equal(alone.whole, found.whole)
        assert np.array_equal(alone.passage, found.passage)


def test_texts_longer_than_the_network_reads_are_cut(model: PairTask) -> None:
    long = "bird " * 5000
    found = model.read([TextPair(asked=long, passage=long)])[0]
    assert len(found.asked) == MAX_ASKED
    window = ModelFiles(BUILTIN, needs="tasks").about.max_tokens
    assert len(found.asked) + len(found.passage) + 4 == window
