"""Runs in a process of its own and is killed there: at a chosen point, or by its parent."""

from __future__ import annotations

import os
import random
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path

from store_fakes import new_document, open_store, story

from chatbot.errors import StoreError
from chatbot.store import NewDocument, Place, Store, adding, chroma, doctor, repair, writing
from chatbot.store.index import VectorIndex

Point = Callable[[], None]


victims: list[int] = []
"""The process that is killed, where it is not this one. It is killed once."""


def die() -> None:
    os.kill(victims.pop() if victims else os.getpid(), signal.SIGKILL)


def _before(owner: object, name: str) -> None:
    original, left = getattr(owner, name), [1]

    def patched(*arguments: object, **options: object) -> object:
        if left.pop() if left else 0:
            die()
        return original(*arguments, **options)

    setattr(owner, name, patched)


def _after(owner: object, name: str, calls: int = 1) -> None:
    original, left = getattr(owner, name), [calls]

    def patched(*arguments: object, **options: object) -> object:
        result = original(*arguments, **options)
        left[0] -= 1
        if not left[0]:
            die()
        return result

    setattr(owner, name, patched)


def _amid_vectors() -> None:
    from chromadb.api.models.Collection import Collection

    chroma.BATCH = 2
    _after(Collection, "upsert", calls=2)


# What kills the process, and whether the addition is to be seen afterwards.
PHASES: dict[str, tuple[Point, bool]] = {
    "before the note": (lambda: _before(adding, "note_intent"), False),
    "after the note": (lambda: _after(adding, "note_intent"), False),
    "amid the vectors": (_amid_vectors, False),
    "after the vectors": (lambda: _after(adding, "index_documents"), False),
    "amid the transaction": (lambda: _after(writing, "add_document"), False),
    "at the end of the transaction": (lambda: _after(writing, "next_generation"), False),
    "after the commit": (lambda: _after(adding, "commit_documents"), True),
    "amid the sweep": (lambda: _after(VectorIndex, "remove"), True),
    "after the sweep": (lambda: _after(adding, "sweep"), True),
}

REPAIRS: dict[str, Point] = {
    "amid the new index": lambda: _after(chroma.ChromaIndex, "upsert"),
    "before the switch": lambda: _before(VectorIndex, "switch"),
    "after the switch": lambda: _before(VectorIndex, "adopt"),
}


def first() -> list[NewDocument]:
    return [
        new_document(story("alpha", 9), key="a.txt"),
        new_document(story("beta", 9), key="b.txt"),
    ]


def second() -> list[NewDocument]:
    """A new version of one source, and a new one."""
    return [
        new_document(story("gamma", 30), key="a.txt"),
        new_document(story("delta", 12), key="d.txt"),
    ]


def add_and_die(place: Place | Path, phase: str) -> None:
    with open_store(place) as store:
        PHASES[phase][0]()
        store.add(second())


def add_and_kill(place: Place, phase: str, victim: int) -> None:
    """Kill another process in the phase, and add until it succeeds."""
    with open_store(place) as store:
        victims.append(victim)
        PHASES[phase][0]()
        until_done(lambda: store.add(second()))


def until_done(change: Callable[[], object]) -> None:
    """Try again while servers do not answer, as who uses the store would."""
    while True:
        try:
            change()
        except StoreError:
            time.sleep(0.05)
        else:
            return


def remove_and_die(place: Place | Path, document_id: str) -> None:
    with open_store(place) as store:
        _before(adding, "sweep")
        store.remove(document_id)


def damage_and_die(place: Path) -> None:
    """Lose vectors of the index, as Chroma might when it is killed."""
    with open_store(place) as store:
        index = store.parts.index.open()
        index.remove([store.documents()[0].id])
        die()


def repair_and_die(place: Place | Path, phase: str) -> None:
    with open_store(place, for_repair=True) as store:
        REPAIRS[phase]()
        repair.rebuild(store.parts)


Operation = tuple[tuple[str, int], ...]
"""Pairs of a source and the version that it gets; version 0 removes it."""


def documents_of(operation: Operation) -> list[NewDocument]:
    return [
        new_document(story(f"{key} {version}", 3 + version % 40), key=key)
        for key, version in operation
        if version
    ]


def work(place: Place | Path, journal: Path, seed: int) -> None:
    """Change the store until killed, and write down what has begun and what has ended."""
    chance = random.Random(seed)
    log = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with open_store(place) as store:
        while True:
            names = chance.sample(["p", "q", "r", "s", "t"], chance.choice([1, 1, 2, 3]))
            operation = tuple((name, chance.randrange(1, 1000)) for name in names)
            if chance.random() < 0.2:
                operation = ((names[0], 0),)
            os.write(log, f"begin {operation!r}\n".encode())
            until_done(partial(carry_out, store, operation))
            os.write(log, f"end {operation!r}\n".encode())


def carry_out(store: Store, operation: Operation) -> None:
    if operation[0][1]:
        store.add(documents_of(operation))
        return
    source = store.source(operation[0][0])
    if source is not None:
        store.remove(source.document_id)


def fill_the_disk(path: Path, room: int) -> None:
    """No file may grow by more than ``room`` bytes; then it may again."""
    with open_store(path) as store:
        store.add(first())
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        largest = max(file.stat().st_size for file in path.rglob("*") if file.is_file())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, hard))
        seen = len(store.documents())
        failures = []
        items = [new_document(story(f"big{n}", 300), key=f"big{n}") for n in range(12)]
        for item in items:
            try:
                store.add([item])
                seen += 1
            except StoreError as error:
                failures.append(f"{type(error).__name__} {error}")
        assert failures
        assert all("free" in failure for failure in failures), failures
        assert len(store.documents()) == seen
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert len(store.add(items).added) == 12 + 2 - seen
        assert doctor.examine(store).problems == ()


def own(place: Place | Path, ready: Event, stop: Event) -> None:
    """Own the directory, add when told to stop, and end."""
    with open_store(place) as store:
        store.add(first())
        ready.set()
        assert stop.wait(30)
        store.add([replace(item, key=f"new {item.key}") for item in second()])
