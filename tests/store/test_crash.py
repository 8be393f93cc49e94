"""kill -9 at every point of a change: nothing acknowledged is lost, nothing half of it is seen."""

from __future__ import annotations

import ast
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
import store_crash
from store_crash import Operation, documents_of, first, second
from store_fakes import DIMENSION, open_store, processes, unit

from chatbot.errors import EmbedderMismatch, StoreError
from chatbot.store import NewDocument, Place, Store, doctor
from chatbot.store.chroma import ChromaIndex
from chatbot.store.failures import disk_full

pytestmark = pytest.mark.slow


def killed(target: Callable[..., None], *arguments: object) -> None:
    process = processes().Process(target=target, args=arguments)
    process.start()
    process.join(180)
    assert process.exitcode == -signal.SIGKILL
    process.close()
    settle(arguments[0])


def settle(place: object) -> None:
    """Wait until PostgreSQL has seen that the killed process is gone, and freed its locks."""
    if isinstance(place, Place):
        assert place.database_url is not None
        with psycopg.connect(place.database_url, autocommit=True) as connection:
            wait_for(lambda: connection.execute(OTHERS).fetchone() == (0,))


OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def sources(store: Store) -> dict[str, str]:
    names = ["a.txt", "b.txt", "d.txt", "p", "q", "r", "s", "t"]
    found = {name: store.source(name) for name in names}
    return {name: record.document_id for name, record in found.items() if record}


def ids(items: list[NewDocument]) -> dict[str, str]:
    return {item.key: item.parsed.document.id for item in items}


def assert_whole(store: Store, expected: dict[str, str]) -> None:
    assert sources(store) == expected
    assert {document.id for document in store.documents()} == set(expected.values())
    # Texts against their hashes, sentences, full text, and every vector on both sides.
    assert doctor.examine(store).problems == ()


@pytest.mark.parametrize("phase", store_crash.PHASES)
def test_an_addition_that_is_killed_is_there_as_a_whole_or_not_at_all(
    place: Place | Path, phase: str
) -> None:
    with open_store(place) as store:
        store.add(first())
    killed(store_crash.add_and_die, place, phase)
    seen = store_crash.PHASES[phase][1]
    before, after = ids(first()), ids(first()) | ids(second())
    with open_store(place) as store:
        assert_whole(store, after if seen else before)
        again = store.add(second())
        assert len(again.added) == (0 if seen else 2)
        assert_whole(store, after)
        assert store.add(second()).added == ()


def search_beside(place: Path) -> None:
    with open_store(place, read_only=True) as reader:
        reader.nearest_chunks(unit("alpha"), limit=3)


def examine(place: Path) -> None:
    with open_store(place, for_repair=True) as store:
        assert doctor.examine(store).problems


def fail_to_open(place: Path) -> None:
    with pytest.raises(EmbedderMismatch):
        Store.open(place, embedder="another@1", dimension=DIMENSION)


def fail_to_mend(place: Path) -> None:
    with patch.object(ChromaIndex, "upsert", side_effect=disk_full(place)):
        with pytest.raises(StoreError, match="is full"):
            open_store(place)


@pytest.mark.parametrize("between", [search_beside, examine, fail_to_open, fail_to_mend])
def test_an_index_that_a_killed_process_has_left_damaged_is_made_again(
    tmp_path: Path, between: Callable[[Path], None]
) -> None:
    place = tmp_path / "data"
    with open_store(place) as store:
        store.add(first())
    killed(store_crash.damage_and_die, place)
    # Who takes the lock without mending leaves the next owner to find the damage.
    between(place)
    with open_store(place) as store:
        assert_whole(store, ids(first()))
    assert not (place / "owner.json").exists()


@pytest.mark.parametrize("phase", ["after the note", "amid the vectors", "after the vectors"])
def test_the_first_addition_to_a_new_store_may_be_killed(place: Place | Path, phase: str) -> None:
    killed(store_crash.add_and_die, place, phase)
    with open_store(place) as store:
        assert store.is_new
        assert_whole(store, {})
        store.add(second())
        assert_whole(store, ids(second()))


def test_a_removal_that_is_killed_stays_a_removal(place: Place | Path) -> None:
    with open_store(place) as store:
        store.add(first())
    gone = ids(first())["a.txt"]
    killed(store_crash.remove_and_die, place, gone)
    with open_store(place) as store:
        assert_whole(store, {"b.txt": ids(first())["b.txt"]})


@pytest.mark.parametrize("phase", store_crash.REPAIRS)
def test_a_repair_that_is_killed_changes_nothing(place: Place | Path, phase: str) -> None:
    with open_store(place) as store:
        store.add(first())
    killed(store_crash.repair_and_die, place, phase)
    with open_store(place) as store:
        assert_whole(store, ids(first()))
        if isinstance(place, Path):
            assert len(list(place.glob("chroma-*"))) == 1


def apply(state: dict[str, str], operation: Operation) -> dict[str, str]:
    key, version = operation[0]
    if version:
        return state | ids(documents_of(operation))
    # Removing a document removes all its sources.
    return {name: document for name, document in state.items() if document != state.get(key)}


def test_nothing_acknowledged_is_lost_in_kills_at_random_moments(
    place: Place | Path, tmp_path: Path
) -> None:
    rounds = 20 if isinstance(place, Path) else 8
    state: dict[str, str] = {}
    chance = random.Random(20)
    acknowledged = 0
    for round_ in range(rounds):
        journal = tmp_path / f"journal-{round_}"
        process = processes().Process(target=store_crash.work, args=(place, journal, round_))
        process.start()
        wait_for(lambda journal=journal: journal.exists() and b"end" in journal.read_bytes())
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        process.join(180)
        process.close()
        settle(place)
        begun, ended = [], []
        for line in journal.read_text().splitlines():
            word, _, operation = line.partition(" ")
            (begun if word == "begin" else ended).append(ast.literal_eval(operation))
        for operation in ended:
            state = apply(state, operation)
        acknowledged += len(ended)
        with open_store(place) as store:
            if len(begun) > len(ended) and sources(store) != state:
                state = apply(state, begun[-1])
            assert_whole(store, state)
            if begun[-1][0][1]:
                store.add(documents_of(begun[-1]))
                assert store.add(documents_of(begun[-1])).added == ()
                state = state | ids(documents_of(begun[-1]))
                assert_whole(store, state)
    assert acknowledged >= rounds


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)
