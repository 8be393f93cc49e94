"""Many processes on one store, servers that go and come back, and the way from home to home."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from servers import Servers
from store_fakes import new_document, open_store, story, unit

from chatbot.errors import SettingsError, StoreError, StoreUnreachable
from chatbot.store import AddResult, Place, Store, access, adding, chroma, doctor, moving, repair

pytestmark = pytest.mark.slow


@pytest.fixture
def place(servers: Servers, tmp_path: Path) -> Place:
    return servers.new_place(tmp_path / "unused")


@pytest.fixture
def two(place: Place) -> Iterator[tuple[Store, Store]]:
    """One store, open twice, as two processes have it."""
    with open_store(place) as one, open_store(place) as other:
        yield one, other


def assert_whole(store: Store, count: int) -> None:
    assert len(store.documents()) == count
    assert doctor.examine(store).problems == ()


def finds(store: Store, name: str, sentences: int = 7) -> bool:
    item = new_document(story(name, sentences))
    hits = store.nearest_chunks(item.vectors.chunks[0], limit=1)
    return hits[0].score == pytest.approx(1, abs=1e-4)


def test_two_that_add_the_same_documents_end_with_one_of_each(two: tuple[Store, Store]) -> None:
    names = [f"n{number}" for number in range(12)]
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def add_all(store: Store, order: list[str]) -> None:
        try:
            start.wait(10)
            for name in order:
                store.add([new_document(story(name), key=name)])
        except BaseException as error:
            failures.append(error)

    orders = [names, names[6:] + names[:6]]
    threads = [
        threading.Thread(target=add_all, args=pair) for pair in zip(two, orders, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    for store in two:
        assert_whole(store, 12)
        assert store.term_counts(["sentence", "n3"]) == {"sentence": 84, "n3": 7}
        assert all(finds(store, name) for name in names)


def test_what_one_adds_or_removes_counts_for_the_other_at_once(two: tuple[Store, Store]) -> None:
    one, other = two
    (known,) = one.add([new_document(story("alpha"))]).added
    assert finds(other, "alpha")
    assert other.match_sentences(["alpha1"], limit=1)[0].index == 1
    other.remove(known.id)
    assert one.documents() == []
    assert one.nearest_chunks(unit("x"), limit=5) == []


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> Callable[[Store, str], Callable[[], AddResult]]:
    """Begin an addition that stops before its commit, and return what ends it."""
    commit = adding.commit_documents

    def begin(store: Store, name: str) -> Callable[[], AddResult]:
        here, go = threading.Event(), threading.Event()
        results: list[AddResult] = []
        stopped: list[int] = []

        def wait(*arguments: object, **options: object) -> AddResult | None:
            if threading.current_thread().name == name and not stopped:
                stopped.append(1)
                here.set()
                assert go.wait(30)
            return commit(*arguments, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(adding, "commit_documents", wait)

        def add() -> None:
            with suppress(StoreUnreachable):
                results.append(store.add([new_document(story(name), key=name)]))

        thread = threading.Thread(target=add, name=name)
        thread.start()
        assert here.wait(30)

        def end() -> AddResult:
            go.set()
            thread.join(30)
            return results[0]

        return end

    return begin


def removing(store: Store, document_id: str) -> threading.Thread:
    """Remove a document, which is gone at once, while its vectors wait for a sweep."""
    thread = threading.Thread(target=store.remove, args=(document_id,))
    thread.start()
    while document_id in {document.id for document in store.documents()}:
        time.sleep(0.01)
    return thread


def test_a_sweep_waits_for_the_additions_of_others(
    two: tuple[Store, Store], paused: Callable[[Store, str], Callable[[], AddResult]]
) -> None:
    one, other = two
    (gone,) = other.add([new_document(story("beta"), key="beta")]).added
    end = paused(one, "alpha")
    removal = removing(other, gone.id)
    removal.join(0.3)
    assert removal.is_alive()
    assert len(end().added) == 1
    removal.join(30)
    assert finds(other, "alpha")
    assert_whole(one, 1)


def test_an_addition_that_has_lost_its_lock_is_not_committed(
    servers: Servers,
    two: tuple[Store, Store],
    paused: Callable[[Store, str], Callable[[], AddResult]],
) -> None:
    one, other = two
    end = paused(one, "alpha")
    database = other.parts.home.where.rpartition("/")[2]
    holders = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'"
    servers.ask(f"SELECT pg_terminate_backend(pid) FROM ({holders}) AS held", database)
    with pytest.raises(IndexError):  # there is no result
        end()
    (gone,) = other.add([new_document(story("beta"), key="beta")]).added
    other.remove(gone.id)
    assert_whole(other, 0)
    one.add([new_document(story("alpha"), key="alpha")])
    assert finds(other, "alpha")


def test_a_second_source_of_a_text_that_goes_meanwhile_brings_it_back(
    two: tuple[Store, Store], paused: Callable[[Store, str], Callable[[], AddResult]]
) -> None:
    one, other = two
    (known,) = other.add([new_document(story("alpha"), key="first")]).added
    end = paused(one, "alpha")
    removal = removing(other, known.id)
    assert [document.id for document in end().added] == [known.id]
    removal.join(30)
    assert finds(other, "alpha")
    assert_whole(other, 1)


def test_each_server_knows_how_many_wait_at_the_others(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two[0].usage, two[1].usage
    assert one.waiting_elsewhere("one", 3) == 0
    assert other.waiting_elsewhere("other", 1) == 3
    assert one.waiting_elsewhere("one", 0) == 1
    assert other.waiting_elsewhere("third", 5) == 1
    assert other.waiting_elsewhere("other", 1) == 5
    monkeypatch.setattr(access, "_QUIET_SECONDS", -1.0)  # all have been quiet for too long
    assert one.waiting_elsewhere("one", 0) == 0
    monkeypatch.undo()
    assert one.waiting_elsewhere("one", 0) == 0


def test_processes_that_open_a_new_store_at_once_make_one(place: Place) -> None:
    stores: list[Store] = []
    threads = [threading.Thread(target=lambda: stores.append(open_store(place))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len({store.parts.meta["store"] for store in stores}) == 1
    for store in stores:
        store.close()


def test_two_stores_on_one_chroma_server_do_not_meet(servers: Servers, tmp_path: Path) -> None:
    places = [servers.new_place(tmp_path) for _ in range(2)]
    with open_store(places[0]) as one, open_store(places[1]) as other:
        one.add([new_document(story("alpha"))])
        other.add([new_document(story("beta"))])
        repair.rebuild(one.parts)
        assert finds(one, "alpha")
        assert not finds(one, "beta")
        assert finds(other, "beta")
        assert_whole(one, 1)
        assert_whole(other, 1)


def test_servers_that_were_killed_are_used_again_when_they_are_back(
    servers: Servers, place: Place
) -> None:
    with open_store(place) as store:
        store.add([new_document(story("alpha"))])
        for program, word in ((servers.postgres, "database"), (servers.chroma, "Chroma server")):
            program.kill()
            with pytest.raises(StoreUnreachable, match=f"{word} .* does not answer"):
                store.nearest_chunks(unit("x"), limit=1)
            with pytest.raises(StoreUnreachable):
                store.add([new_document(story("beta"), key="beta")])
            program.start()
            assert finds(store, "alpha")
            assert_whole(store, 1)
        store.add([new_document(story("beta"), key="beta")])
        assert_whole(store, 2)


def test_without_chroma_words_are_still_found(servers: Servers, place: Place) -> None:
    with open_store(place) as store:
        store.add([new_document(story("alpha"))])
        servers.chroma.kill()
        try:
            assert store.match_sentences(["alpha1"], limit=1)[0].index == 1
            assert store.term_counts(["alpha1"]) == {"alpha1": 1}
        finally:
            servers.chroma.start()


def test_a_chroma_server_that_hangs_is_given_up_in_time(
    servers: Servers, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma, "TIMEOUT", 0.5)
    monkeypatch.setattr(chroma, "CONNECT_TIMEOUT", 0.5)
    with open_store(place) as store:
        store.add([new_document(story("alpha"))])
        assert servers.chroma.process is not None
        servers.chroma.process.send_signal(signal.SIGSTOP)
        try:
            for _ in range(2):  # with a connection, and without
                began = time.monotonic()
                with pytest.raises(StoreUnreachable):
                    store.nearest_chunks(unit("x"), limit=1)
                assert time.monotonic() - began < 5
        finally:
            servers.chroma.process.send_signal(signal.SIGCONT)
        assert finds(store, "alpha")


def test_a_connection_that_is_lost_within_a_transaction_changes_nothing(
    servers: Servers, place: Place
) -> None:
    assert place.database_url is not None
    database = place.database_url.rpartition("/")[2]
    with open_store(place) as store:
        store.add([new_document(story("alpha"))])
        with pytest.raises(StoreUnreachable):  # noqa: PT012 - the end of the block fails
            with store.parts.home.writing(alone=True) as connection:
                connection.exec_driver_sql("DELETE FROM sources")
                servers.ask(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    f"WHERE datname = '{database}' AND pid <> pg_backend_pid()",
                    database,
                )
                connection.exec_driver_sql("SELECT 1")
        assert_whole(store, 1)


def test_a_process_of_its_own_reads_what_is_there(place: Place) -> None:
    with open_store(place) as store:
        store.add([new_document(story("alpha"))])
    with open_store(place, read_only=True) as reader:
        assert finds(reader, "alpha")
        with pytest.raises(StoreError, match="reading only"):
            reader.add([new_document(story("beta"))])


def test_a_database_needs_a_chroma_server(servers: Servers, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CHATBOT_CHROMA_URL"):
        Place(data_dir=tmp_path, database_url=servers.url("postgres"))
    with pytest.raises(StoreError, match="no store in postgresql://"):
        open_store(replace(servers.new_place(tmp_path)), read_only=True)


def test_a_password_is_not_told(servers: Servers, tmp_path: Path) -> None:
    url = servers.url("none").replace("chatbot@", "chatbot:secret-word@")
    place = replace(servers.new_place(tmp_path), database_url=url)
    with pytest.raises(StoreError) as caught:
        open_store(place)
    assert "secret-word" not in f"{caught.value} {place!r}"


def test_importing_the_package_imports_no_database(tmp_path: Path) -> None:
    script = "import sys, chatbot; assert not {'sqlalchemy', 'psycopg'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def fill(store: Store) -> None:
    items = [new_document(story(f"n{n}", 4 + n), key=f"n{n}") for n in range(9)]
    store.add([*items, new_document([*story("mine"), "a \0 zero"], key="mine", owner="anna")])
    store.remove(items[3].parsed.document.id)
    store.for_owner("ben").remove(items[4].parsed.document.id)
    store.tokens.create("anna")
    store.for_owner("anna").conversations.start("A talk")
    store.mark_initialised()


def sight(store: Store) -> object:
    terms = ["sentence", "n5", "tells of n51"]
    found = []
    for person in (store, store.for_owner("anna"), store.for_owner("ben")):
        hits = person.match_sentences(terms, limit=100)
        near = person.nearest_chunks(unit("a question"), limit=30)
        found.append(
            (
                person.documents(),
                [(hit.document_id, hit.index, round(hit.score, 4)) for hit in hits],
                [(hit.key, round(hit.score, 4)) for hit in near],
                person.conversations.list(),
            )
        )
    return found, store.term_counts(terms), store.tokens.list(), store.sentence_count()


def test_a_store_is_moved_there_and_back(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path / "old") as old:
        fill(old)
        with open_store(place) as new:
            with monkeypatch.context() as patch:  # it is cut, and goes on
                patch.setattr(moving, "_AT_ONCE", 5)
                patch.setattr(repair, "rebuild_index", lambda _: 1 / 0)
                with pytest.raises(ZeroDivisionError):
                    moving.move(old, new)
            moved = moving.move(old, new)
            assert (moved.documents, moved.conversations, moved.asked) == (9, 1, 9)
            assert sight(new) == sight(old)
            assert doctor.examine(new).problems == ()
            new.add([new_document(story("later"), key="later")])
            with open_store(tmp_path / "back") as back:
                moving.move(new, back)
                assert sight(back) == sight(new)
                assert doctor.examine(back).problems == ()


def test_a_store_is_not_moved_onto_another(place: Place, tmp_path: Path) -> None:
    with open_store(tmp_path / "old") as old, open_store(place) as new:
        fill(old)
        new.add([new_document(story("other"))])
        with pytest.raises(StoreError, match="already has another store"):
            moving.move(old, new)
        with pytest.raises(StoreError, match="already there"):
            moving.move(old, old)
        assert_whole(new, 1)
