"""The parsing processes: limits, failures of every kind, and that nothing is left behind."""

from __future__ import annotations

import os
import signal
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chatbot.documents import isolation
from chatbot.documents.isolation import Workers
from chatbot.documents.limits import FILES_PER_WORKER
from chatbot.errors import DocumentError, FileTooLarge, UnreadableFile

pytestmark = pytest.mark.slow

PAGE = b"Hello there."


@pytest.fixture
def workers() -> Iterator[Callable[..., Workers]]:
    """Make pools whose process replaces parts of the worker module first, closed at the end."""
    made: list[Workers] = []

    def make(patch: str = "", **options: object) -> Workers:
        script = (
            "import chatbot.documents.worker as worker, os, sys, time\n"
            "from chatbot.documents.loaders.plain import read_plain\n"
            "worker._parse = lambda data, **names: read_plain(data, name='')  # no library\n"
        )
        script += textwrap.dedent(patch) + "\nsys.exit(worker.main())"
        pool = Workers(command=(sys.executable, "-P", "-c", script), **options)  # type: ignore[arg-type]
        made.append(pool)
        return pool

    yield make
    for pool in made:
        pool.close()


def pid(pool: Workers) -> int:
    (worker,) = pool.idle
    return worker.process.pid


def read(pool: Workers, data: bytes = PAGE) -> str:
    return pool.parse(data, kind="html", name="x.html").text


def test_a_worker_is_kept_for_the_next_file_and_replaced_after_many(
    workers: Callable[..., Workers],
) -> None:
    pool = workers()
    assert read(pool) == "Hello there."
    first = pid(pool)
    for _ in range(FILES_PER_WORKER - 2):
        read(pool)
    assert pid(pool) == first
    read(pool)
    assert pool.idle == []
    assert read(pool) == "Hello there."
    assert pid(pool) != first


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(
    workers: Callable[..., Workers],
) -> None:
    pool = workers(
        """
        parse = worker._parse
        def slow(data, **names):
            if b"slow" in data:
                time.sleep(60)
            return parse(data, **names)
        worker._parse = slow
        """,
        seconds=1.0,
    )
    start = time.monotonic()
    with pytest.raises(FileTooLarge, match=r"Reading x\.html took longer than 1 seconds"):
        read(pool, b"slow")
    assert time.monotonic() - start < 40
    pool._seconds = 30.0
    assert read(pool) == "Hello there."


def test_a_file_that_burns_processor_time_is_stopped_by_the_system(
    workers: Callable[..., Workers],
) -> None:
    pool = workers(
        """
        worker.PARSE_SECONDS = 0
        def burn(data, **names):
            while True:
                pass
        worker._parse = burn
        """
    )
    with pytest.raises(FileTooLarge, match="took longer than 30 seconds"):
        read(pool)


def test_a_file_that_needs_too_much_memory_is_given_up(workers: Callable[..., Workers]) -> None:
    pool = workers("worker._parse = lambda data, **names: [bytes(10**8) for _ in range(100)]")
    with pytest.raises(FileTooLarge, match=r"x\.html needs more memory than the limit"):
        read(pool)
    assert pool.idle == []


@pytest.mark.parametrize(
    ("death", "message"),
    [
        ("os.abort()", "is damaged: reading it failed"),
        ("os.kill(os.getpid(), 11)", "is damaged: reading it failed"),
        ("raise IndexError('a bug')", "is damaged: reading it failed"),
        ("os._exit(0)", "is damaged: reading it failed"),
    ],
)
def test_a_file_that_kills_the_parser_fails_alone(
    workers: Callable[..., Workers], death: str, message: str
) -> None:
    pool = workers(
        f"""
        parse = worker._parse
        def die(data, **names):
            if b"die" in data:
                {death}
            return parse(data, **names)
        worker._parse = die
        """
    )
    assert read(pool) == "Hello there."
    with pytest.raises(UnreadableFile, match=message):
        read(pool, b"die")
    assert read(pool) == "Hello there."


def test_a_worker_killed_for_memory_by_the_system_is_told_from_a_crash(
    workers: Callable[..., Workers],
) -> None:
    pool = workers("worker._parse = lambda data, **names: os.kill(os.getpid(), 9)")
    with pytest.raises(FileTooLarge, match="needs more memory than there is"):
        read(pool)


def test_a_worker_that_died_while_idle_is_replaced(workers: Callable[..., Workers]) -> None:
    pool = workers()
    read(pool)
    os.kill(pid(pool), signal.SIGKILL)
    pool.idle[0].process.wait()
    assert read(pool) == "Hello there."


def test_many_threads_share_a_few_workers(workers: Callable[..., Workers]) -> None:
    pool = workers(size=2)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda n: read(pool, b"Page %d." % n), range(40)))
    assert found == [f"Page {n}." for n in range(40)]
    assert len(pool.idle) <= 2


def test_a_stuck_file_does_not_stop_the_others(
    workers: Callable[..., Workers], tmp_path: Path
) -> None:
    signal_file = tmp_path / "go on"
    pool = workers(
        f"""
        parse = worker._parse
        def slow(data, **names):
            while b"slow" in data and not os.path.exists({str(signal_file)!r}):
                time.sleep(0.02)
            return parse(data, **names)
        worker._parse = slow
        """,
        size=2,
    )
    slow = threading.Thread(target=read, args=(pool, b"slow"))
    slow.start()
    assert read(pool) == "Hello there."
    assert slow.is_alive()
    signal_file.touch()
    slow.join()


def test_a_worker_does_not_see_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("CHATBOT_API_KEY", "sk-secret")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sk-secret")
    assert "sk-secret" not in isolation.worker_environment().values()


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import subprocess; subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
    ],
)
def test_a_parser_may_not_connect_or_start_programs(
    workers: Callable[..., Workers], attempt: str
) -> None:
    pool = workers(
        f"""
        def attack(data, **names):
            try:
                {attempt}
            except PermissionError:
                raise worker.DocumentError("refused") from None
        worker._parse = attack
        """
    )
    with pytest.raises(DocumentError, match=r"^refused$"):
        read(pool)


def test_output_of_a_library_does_not_get_into_the_replies(
    workers: Callable[..., Workers],
) -> None:
    pool = workers(
        """
        parse = worker._parse
        def chatty(data, **names):
            print("a warning of the library")
            return parse(data, **names)
        worker._parse = chatty
        """
    )
    assert read(pool) == "Hello there."
