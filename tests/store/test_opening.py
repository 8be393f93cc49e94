"""Opening a data directory: who owns it, what it may hold, and what is said when it cannot be."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import threading
from pathlib import Path

import pytest
import store_crash
from store_fakes import DIMENSION, EMBEDDER, new_document, open_store, processes, story, unit

from chatbot.errors import EmbedderMismatch, StoreBusy, StoreDamaged, StoreError
from chatbot.store import Store, home

FILE = "chatbot.sqlite3"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_store_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "data"
    with open_store(path) as store:
        store.add([new_document(story("alpha"))])
        files = {file.name: mode(file) for file in path.iterdir() if file.is_file()}
        assert files.keys() >= {FILE, f"{FILE}-wal", "owner.lock", "owner.json"}
        assert set(files.values()) == {0o600}
        assert {mode(path), mode(path / "chroma-1")} == {0o700}


def test_an_existing_directory_is_closed_to_others_when_a_store_is_made_in_it(
    tmp_path: Path,
) -> None:
    tmp_path.chmod(0o755)
    with open_store(tmp_path):
        assert mode(tmp_path) == 0o700


def test_a_store_is_new_until_it_has_what_it_starts_with(tmp_path: Path) -> None:
    path = tmp_path / "data"
    assert not Store.exists(path)
    with open_store(path) as store:
        assert store.is_new
    assert not Store.exists(path)
    with open_store(path) as store:
        assert store.is_new
        store.mark_initialised()
        assert not store.is_new
        store.add([new_document(story("alpha"))])
        store.remove(store.documents()[0].id)
    assert Store.exists(path)
    with open_store(path) as store:
        assert not store.is_new
        assert store.documents() == []


def test_reading_needs_a_store(tmp_path: Path) -> None:
    for options in ({"read_only": True}, {"for_repair": True}):
        with pytest.raises(StoreError, match=r"There is no store in .* yet: add a document first"):
            open_store(tmp_path / "data", **options)
    (tmp_path / FILE).touch()
    with pytest.raises(StoreError, match="There is no store"):
        open_store(tmp_path, read_only=True)
    assert not Store.exists(tmp_path)
    with open_store(tmp_path) as store:  # its making was cut: it is made now
        assert store.is_new


@pytest.mark.slow
def test_a_second_owner_is_told_who_the_first_one_is(tmp_path: Path) -> None:
    process, ready, stop = owner(tmp_path)
    assert ready.wait(30)
    with pytest.raises(StoreBusy, match=rf"Process {process.pid} \(.+\).*stop that one"):
        open_store(tmp_path)
    with open_store(tmp_path, read_only=True) as store:
        assert len(store.documents()) == 2
        with pytest.raises(StoreError, match="reading only"):
            store.add([new_document(story("other"))])
        with pytest.raises(StoreError, match="reading only"):
            store.remove(store.documents()[0].id)
    stop.set()
    process.join(30)
    assert process.exitcode == 0
    process.close()
    with open_store(tmp_path) as store:
        assert len(store.documents()) == 4


@pytest.mark.slow
def test_an_owner_that_was_killed_does_not_block(tmp_path: Path) -> None:
    process, ready, _ = owner(tmp_path)
    assert ready.wait(30)
    process.kill()
    process.join(30)
    process.close()
    assert (tmp_path / "owner.json").exists()
    with open_store(tmp_path) as store:
        assert len(store.documents()) == 2
        assert json.loads((tmp_path / "owner.json").read_text())["pid"] == os.getpid()


def test_a_reader_sees_what_another_process_commits(tmp_path: Path) -> None:
    process, ready, stop = owner(tmp_path)
    assert ready.wait(30)
    with open_store(tmp_path, read_only=True) as store:
        new = store_crash.second()[0]
        query = new.vectors.chunks[0]
        assert store.nearest_chunks(query, limit=1)[0].score < 0.99
        assert store.term_counts(["gamma1"]) == {"gamma1": 0}
        stop.set()
        process.join(30)
        assert store.nearest_chunks(query, limit=1)[0].score == pytest.approx(1)
        assert store.term_counts(["gamma1"]) == {"gamma1": 1}
        assert store.match_sentences(["gamma1"], limit=1)[0].index == 1
    process.close()


def owner(path: Path):  # noqa: ANN201 - a process and two events
    context = processes()
    ready, stop = context.Event(), context.Event()
    process = context.Process(target=store_crash.own, args=(path, ready, stop))
    process.start()
    return process, ready, stop


def test_two_stores_of_one_process_cannot_both_write(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with pytest.raises(StoreBusy, match="This process already has the data directory"):
            open_store(tmp_path)
        store.add([new_document(story("alpha"))])
        with open_store(tmp_path, read_only=True) as reader:
            assert not reader.is_new
            assert reader.documents() == store.documents()
    with open_store(tmp_path):
        store.close()  # the first one, again: it must not take the lock of the second
        assert (tmp_path / "owner.json").exists()
        with pytest.raises(StoreBusy):
            open_store(tmp_path)


def test_an_unreadable_note_still_gives_a_clear_sentence(tmp_path: Path) -> None:
    with open_store(tmp_path):
        (tmp_path / "owner.json").write_text("{")
        with pytest.raises(StoreBusy, match="Another process owns the data directory"):
            open_store(tmp_path)


def test_a_store_may_be_closed_by_another_thread(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    thread = threading.Thread(target=store.close)
    thread.start()
    thread.join()
    open_store(tmp_path).close()


def test_a_deleted_directory_can_be_made_again_in_the_same_process(tmp_path: Path) -> None:
    for name in ("alpha", "beta"):
        item = new_document(story(name))
        with open_store(tmp_path / "data") as store:
            store.add([item])
            assert len(list(store.parts.index.open().keys())) == 3
            assert store.nearest_chunks(item.vectors.chunks[0], limit=1)[0].score > 0.99
        shutil.rmtree(tmp_path / "data")


def test_another_embedding_model_is_refused_with_both_ways_out(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    for embedder, dimension in (("other@2", DIMENSION), (EMBEDDER, 8)):
        for read_only in (False, True):
            with pytest.raises(EmbedderMismatch, match=r"made-up@1 .*chatbot doctor --reembed"):
                Store.open(tmp_path, embedder=embedder, dimension=dimension, read_only=read_only)
        Store.open(tmp_path, embedder=embedder, dimension=dimension, for_repair=True).close()


def test_a_name_that_is_a_file_is_no_data_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for path in (tmp_path / "file", tmp_path / "file" / "data"):
        for read_only in (False, True):
            with pytest.raises(StoreError) as caught:
                open_store(path, read_only=read_only)
            assert "CHATBOT_DATA_DIR" in str(caught.value) or "no store" in str(caught.value)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_directory_that_cannot_be_written_is_named_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(StoreError, match=r"cannot be used \(Permission denied\): check its perm"):
        open_store(tmp_path / "data")


@pytest.mark.parametrize("damage", ["garbage", "truncated", "middle"])
def test_a_damaged_database_is_told_in_a_sentence(tmp_path: Path, damage: str) -> None:
    with open_store(tmp_path) as store:
        store.add([new_document(story(f"n{n}", 60), key=f"n{n}") for n in range(5)])
    file = tmp_path / FILE
    content = file.read_bytes()
    page = 8192
    file.write_bytes(
        {
            "garbage": b"no database at all" * 1000,
            "truncated": content[: len(content) // 2],
            "middle": content[:page] + os.urandom(len(content) - page),
        }[damage]
    )
    for _ in range(2):  # the second time too: the first one has given the lock back
        with pytest.raises(StoreDamaged, match=r"damaged \(.*restore it from a backup") as caught:
            read_all(tmp_path)
        assert str(tmp_path) in str(caught.value)


def read_all(path: Path) -> None:
    with open_store(path) as store:
        store.nearest_chunks(unit("x"), limit=5)
        store.documents()


def test_a_locked_database_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "PATIENCE", 0.05)
    with open_store(tmp_path) as store:
        other = sqlite3.connect(tmp_path / FILE)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match=r"keeps .* locked"):
            store.mark_initialised()
        other.rollback()
        other.close()
        store.mark_initialised()


def test_a_read_only_file_system_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path) as store:
        store.add([new_document(story("alpha"))])
    connect = sqlite3.connect
    asked: list[str] = []

    def refuse_shared_memory(name: str, **options: object) -> sqlite3.Connection:
        asked.append(name.partition("?")[2])
        if name.endswith("mode=ro"):
            raise sqlite3.OperationalError("unable to open database file")
        return connect(name, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(sqlite3, "connect", refuse_shared_memory)
    with open_store(tmp_path, read_only=True) as store:
        assert len(store.documents()) == 1
    assert asked[:2] == ["mode=ro", "immutable=1"]
