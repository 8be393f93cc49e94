"""A full disk: nothing is changed, one sentence says so, and it goes on when there is space."""

from __future__ import annotations

from pathlib import Path

import pytest
import store_crash
from store_fakes import new_document, open_store, processes, story

from chatbot.errors import StoreDamaged, StoreError, StoreUnreachable
from chatbot.store import doctor
from chatbot.store.failures import chroma_errors

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("room", [20_000, 400_000])
def test_a_store_goes_on_when_a_full_disk_has_space_again(tmp_path: Path, room: int) -> None:
    process = processes().Process(target=store_crash.fill_the_disk, args=(tmp_path, room))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    process.close()


def test_what_does_not_fit_into_the_database_changes_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.add([new_document(story("alpha"), key="a")])
        with store.parts.home.writing() as connection:  # it is one connection, always the same
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        before = store.documents()
        changed = new_document(story("much longer", 300), key="a")
        with pytest.raises(StoreError, match="is full, so nothing was changed"):
            store.add([changed])
        assert store.documents() == before
        assert store.match_sentences(["alpha1"], limit=1)
        assert store.nearest_chunks(changed.vectors.chunks[0], limit=50)[0].score < 0.99
        with store.parts.home.writing() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        assert store.add([changed]).replaced == (before[0].id,)
        assert doctor.examine(store).problems == ()


@pytest.mark.parametrize(
    ("said", "kind", "answer"),
    [
        ("error returned from database: (code: 13) database or disk is full", StoreError, "full"),
        ("IO error: No space left on device (os error 28)", StoreError, "full"),
        ("error returned from database: (code: 778) disk I/O error", StoreError, "free space"),
        ("Error loading hnsw index", StoreDamaged, "chatbot doctor --repair"),
        ("", StoreDamaged, "chatbot doctor --repair"),
    ],
)
def test_what_chroma_says_becomes_one_sentence(
    tmp_path: Path, said: str, kind: type[StoreError], answer: str
) -> None:
    with pytest.raises(StoreError, match=answer) as caught, chroma_errors(tmp_path):
        raise RuntimeError(said)
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Error executing plan: failed to apply logs to the hnsw segment", StoreDamaged),
        ("Connection refused", StoreUnreachable),
    ],
)
def test_a_server_with_a_broken_index_is_not_one_that_does_not_answer(
    said: str, kind: type[StoreError]
) -> None:
    with pytest.raises(kind), chroma_errors("http://chroma:8000"):
        raise RuntimeError(said)


def test_a_panic_of_chroma_is_a_damaged_store_and_a_stop_is_a_stop(tmp_path: Path) -> None:
    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(StoreDamaged, match="called `Option::unwrap"), chroma_errors(tmp_path):
        raise panic("called `Option::unwrap()` on a `None` value")
    with pytest.raises(KeyboardInterrupt), chroma_errors(tmp_path):
        raise KeyboardInterrupt
