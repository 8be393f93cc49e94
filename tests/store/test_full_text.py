"""The search for words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from store_fakes import new_document, open_store, story

from chatbot.store import Place, Store
from chatbot.store.search import rarest


@pytest.fixture(scope="module")
def store(
    new_place: Callable[[Path], Place | Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    with open_store(new_place(tmp_path_factory.mktemp("words"))) as store:
        store.add(
            [
                new_document(
                    [
                        "Japan sent 101 trucks to Ukraine.",
                        "A truck is running in the café.",
                        "The U.S. sent none, said O'Neil.",
                        "Nothing here counts.",
                    ],
                    key="trucks",
                    per_chunk=2,
                ),
                new_document(story("other", 20), key="other"),
                new_document(["A last sentence.", "And an end."], key="last"),
            ]
        )
        yield store


def found(store: Store, *terms: str, **options: object) -> list[int]:
    hits = store.match_sentences(terms, **{"limit": 10, **options})  # type: ignore[arg-type]
    return [hit.index for hit in hits]


def test_the_best_match_comes_first_with_the_highest_score(store: Store) -> None:
    hits = store.match_sentences(["truck", "japan"], limit=10)
    assert [(hit.index, hit.chunk.index) for hit in hits] == [(0, 0), (1, 0)]
    assert hits[0].score > hits[1].score > 0
    assert hits[0].document_id == store.documents()[0].id


def test_a_score_is_bm25_however_often_a_term_stands(place: Place | Path) -> None:
    lengths = [(times, times + more) for times in (1, 2, 3, 5, 9) for more in (1, 12)]
    texts = [" ".join(["lamp"] * times + ["sea"] * (all_ - times)) for times, all_ in lengths]
    texts += [f"Nothing about it stands in number {n}." for n in range(30)]
    with open_store(place) as store:
        store.add([new_document(texts)])
        hits = store.match_sentences(["lamp"], limit=20)
    words = sum(all_ for _, all_ in lengths) + 30 * 7
    rarity = math.log((len(texts) - len(lengths) + 0.5) / (len(lengths) + 0.5))
    sizes = [1.2 * (0.25 + 0.75 * all_ * len(texts) / words) for _, all_ in lengths]
    expected = [
        rarity * times * 2.2 / (times + size)
        for (times, _), size in zip(lengths, sizes, strict=True)
    ]
    assert {hit.index: hit.score for hit in hits} == pytest.approx(dict(enumerate(expected)))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_inflections_and_accents_do_not_matter(store: Store) -> None:
    assert found(store, "TRUCKS") == found(store, "truck") != []
    assert found(store, "run") == [1]
    assert found(store, "Cafe") == found(store, "café") == [1]


def test_a_term_of_several_words_is_a_phrase(store: Store) -> None:
    assert found(store, "U.S.") == [2]
    assert found(store, "sent 101 trucks") == [0]
    assert found(store, "trucks 101") == []


def test_the_filter_holds_before_the_limit(store: Store) -> None:
    trucks, other, last = (document.id for document in store.documents())
    assert found(store, "sentence", "truck", limit=1) != []
    hits = store.match_sentences(["sentence", "truck"], limit=1, documents=[other])
    assert [hit.document_id for hit in hits] == [other]
    hits = store.match_sentences(["sentence", "nothing"], limit=50, documents=[trucks, "unknown"])
    assert [hit.document_id for hit in hits] == [trucks]
    assert store.match_sentences(["sentence"], limit=5, documents=[]) == []
    assert store.match_sentences(["sentence"], limit=5, documents=["unknown"]) == []
    assert len(store.match_sentences(["sentence"], limit=50, documents=[trucks, other])) == 20
    hits = store.match_sentences(["sentence", "nothing"], limit=2, documents=[last, trucks])
    assert {hit.document_id for hit in hits} == {trucks, last}
    hits = store.match_sentences(["sentence"], limit=50, documents=[trucks, last])
    assert {hit.document_id for hit in hits} == {last}


def test_no_terms_find_nothing(store: Store) -> None:
    assert found(store) == []
    assert found(store, "") == found(store, "!?") == found(store, "zebra") == []
    assert found(store, "truck", limit=0) == []


def test_counts_are_of_sentences(store: Store) -> None:
    counts = store.term_counts(["trucks", "sent", "sentence", "zebra", "?"])
    assert counts == {"trucks": 2, "sent": 2, "sentence": 21, "zebra": 0, "?": 0}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=12), max_size=5))
@example(['"', "truck"])
@example(["truck* OR japan", "NEAR(truck japan)", "text:truck", "^truck", "-truck", "{a b}: c"])
@example(["\x00", "a\x00b", "\ud800", '"" OR "', "'; DROP TABLE sentences; --"])
def test_whatever_a_term_holds_it_is_searched_and_not_obeyed(
    store: Store, terms: list[str]
) -> None:
    hits = store.match_sentences(terms, limit=5)
    assert all(count >= 0 for count in store.term_counts(terms).values())
    if not any(store.term_counts(terms).values()):
        assert hits == []


def test_operators_are_words(store: Store) -> None:
    assert found(store, "truck OR japan") == []
    assert found(store, "truck AND running") == []
    assert found(store, "tru*") == []


def test_many_terms_at_once_are_fine(store: Store) -> None:
    assert found(store, *(f"word{n}" for n in range(3000)), "japan") == [0]


def test_a_new_sentence_counts_at_once(place: Place | Path) -> None:
    with open_store(place) as store:
        assert store.term_counts(["alpha"]) == {"alpha": 0}
        store.add([new_document(story("alpha", 5))])
        assert store.term_counts(["alpha"]) == {"alpha": 5}


def test_the_rarest_terms_are_kept_while_they_touch_few_rows() -> None:
    counts = {"common": 900, "rare": 1, "middling": 50, "absent": 0}
    assert rarest(counts, 1000) == ["rare", "middling", "common"]
    assert rarest(counts, 100) == ["rare", "middling"]
    assert rarest({"common": 900, "absent": 0}, 100) == ["common"]
    assert rarest({}, 100) == []
