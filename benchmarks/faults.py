"""Kills with kill -9 in every phase of an addition and at random, and counts what was lost.

    python -m benchmarks.faults [--rounds 30] [--victims app postgres chroma]

Starts PostgreSQL and a Chroma server of its own (the programs must be installed) and lets a process
of its own change a store on them. In each round one of the three is killed, started again, and the
store is held against what was acknowledged: every text against its hash, the full text, every
vector on both sides, and that nobody finds another person's sentence. Exit 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import psycopg  # noqa: E402
import store_crash  # noqa: E402
from servers import Program, Servers  # noqa: E402
from store_fakes import new_document, open_store, processes, story, unit  # noqa: E402

from chatbot.store import Place, Store, doctor  # noqa: E402

VICTIMS = ("app", "postgres", "chroma")
PATIENCE = 300.0
"""Seconds after which something that does not come about counts as a failure."""
PRIVATE = new_document(story("private"), key="private", owner="anna")
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(slots=True, kw_only=True)
class Kills:
    """What the rounds with one victim came to."""

    victim: str
    rounds: int = 0
    acknowledged: int = 0
    """Changes that had ended before or after a kill."""
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Read the command line, kill, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=30, help="for each victim, phases included")
    parser.add_argument("--victims", nargs="*", choices=VICTIMS, default=VICTIMS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    servers = Servers()
    found = []
    try:
        servers.start()
        for victim in options.victims:
            kills = Kills(victim=victim)
            found.append(kills)
            chance = random.Random(f"{options.seed} {victim}")
            for phase in store_crash.PHASES:
                _round(kills, phase, partial(in_phase, servers, victim, phase), servers)
            while kills.rounds < options.rounds:
                name = f"random {kills.rounds}"
                _round(kills, name, partial(at_random, servers, victim, chance), servers)
    finally:
        servers.close()
    for kills in found:
        print(
            f"{kills.victim}: {kills.rounds} rounds, {kills.acknowledged} changes acknowledged, "
            f"{len(kills.wrong)} wrong"
        )
    return 1 if any(kills.wrong for kills in found) else 0


def _round(kills: Kills, name: str, run: Callable[[Place], int], servers: Servers) -> None:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            kills.acknowledged += run(servers.new_place(Path(folder)))
        except (AssertionError, RuntimeError) as error:
            kills.wrong.append(f"{name}: {error}")
    kills.rounds += 1
    row: dict[str, Any] = {"victim": kills.victim, "round": name, "wrong": kills.wrong[-1:]}
    print(json.dumps(row | {"seconds": round(time.monotonic() - began, 1)}), flush=True)


def in_phase(servers: Servers, victim: str, phase: str, place: Place) -> int:
    """Kill the victim in a phase of an addition; return how many changes were acknowledged."""
    with open_store(place) as store:
        store.add([*store_crash.first(), PRIVATE])
    before, after = _ids(store_crash.first()), _ids(store_crash.second())
    if victim == "app":
        process = processes().Process(target=store_crash.add_and_die, args=(place, phase))
        process.start()
        process.join(PATIENCE)
        _require(process.exitcode == -9, f"the process ended with {process.exitcode}")
        _settle(place)
        seen = store_crash.PHASES[phase][1]
        check(place, before | after if seen else before)
        return 1 + seen
    program = _program(servers, victim)
    assert program.process is not None
    arguments = (place, phase, program.process.pid)
    process = processes().Process(target=store_crash.add_and_kill, args=arguments)
    process.start()
    _restart(program)
    process.join(PATIENCE)
    _require(process.exitcode == 0, f"the process ended with {process.exitcode}")
    check(place, before | after)
    return 2


def at_random(servers: Servers, victim: str, chance: random.Random, place: Place) -> int:
    """Kill the victim at any moment of many changes; return how many were acknowledged."""
    with open_store(place) as store:
        store.add([PRIVATE])
    journal = place.data_dir / "journal"
    process = processes().Process(
        target=store_crash.work, args=(place, journal, chance.randrange(1 << 30))
    )
    process.start()
    _wait(lambda: _ended(journal) >= chance.randrange(1, 4))
    time.sleep(chance.uniform(0, 0.3))
    if victim != "app":
        program = _program(servers, victim)
        program.kill()
        program.start()
        done = _ended(journal)
        _wait(lambda: _ended(journal) > done + 1)  # it goes on by itself
    process.kill()
    process.join(PATIENCE)
    _settle(place)
    begun, ended = _read(journal)
    state: dict[str, str] = {}
    for operation in ended:
        state = _applied(state, operation)
    with open_store(place) as store:
        found = _sources(store)
    if len(begun) > len(ended) and found != state:
        state = _applied(state, begun[-1])
    check(place, state)
    return len(ended)


def check(place: Place, expected: dict[str, str]) -> None:
    """Hold a store against what has to be in it.

    Raises:
        RuntimeError: it is not as it should be.
    """
    private = PRIVATE.parsed.document.id
    with open_store(place) as store:
        _require(_sources(store) == expected, "other documents than were acknowledged")
        known = {document.id for document in store.documents()}
        _require(known == {*expected.values(), private}, "half of a document is visible")
        problems = doctor.examine(store).problems
        _require(problems == (), " ".join(problems))
        query = PRIVATE.vectors.chunks[0]
        mine, others = store.for_owner("anna"), store.for_owner("ben")
        _require(mine.nearest_chunks(query, limit=1)[0].key.document_id == private, "it is lost")
        near = others.nearest_chunks(query, limit=50) + others.nearest_chunks(unit("x"), limit=50)
        words = others.match_sentences(["private1", "sentence"], limit=500)
        reached = {hit.key.document_id for hit in near} | {hit.document_id for hit in words}
        _require(private not in reached, "another person's sentence was reached")


def _require(condition: bool, what: str) -> None:
    if not condition:
        raise RuntimeError(what)


def _program(servers: Servers, victim: str) -> Program:
    return servers.postgres if victim == "postgres" else servers.chroma


def _restart(program: Program) -> None:
    assert program.process is not None
    program.process.wait(PATIENCE)
    program.start()


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        _require(time.monotonic() < end, "it did not go on")
        time.sleep(0.02)


def _settle(place: Place) -> None:
    """Wait until PostgreSQL has seen that the killed process is gone, and freed its locks."""
    assert place.database_url is not None
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        _wait(lambda: connection.execute(_OTHERS).fetchone() == (0,))


def _read(journal: Path) -> tuple[list[store_crash.Operation], list[store_crash.Operation]]:
    begun: list[store_crash.Operation] = []
    ended: list[store_crash.Operation] = []
    for line in journal.read_text().splitlines():
        word, _, operation = line.partition(" ")
        (begun if word == "begin" else ended).append(ast.literal_eval(operation))
    return begun, ended


def _ended(journal: Path) -> int:
    return journal.read_text().count("end ") if journal.exists() else 0


def _ids(items: list[Any]) -> dict[str, str]:
    return {item.key: item.parsed.document.id for item in items}


def _applied(state: dict[str, str], operation: store_crash.Operation) -> dict[str, str]:
    key, version = operation[0]
    if version:
        return state | _ids(store_crash.documents_of(operation))
    return {name: document for name, document in state.items() if document != state.get(key)}


def _sources(store: Store) -> dict[str, str]:
    names = ["a.txt", "b.txt", "d.txt", "p", "q", "r", "s", "t"]
    found = {name: store.source(name) for name in names}
    return {name: record.document_id for name, record in found.items() if record}


if __name__ == "__main__":
    sys.exit(main())
