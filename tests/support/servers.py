"""PostgreSQL and a Chroma server on loopback, for the tests of stores that many processes share."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from chatbot.store import ChromaServer, Place

LEFT_OUT = (
    "Left out: the tests with PostgreSQL, which is not installed (on Debian or Ubuntu: "
    "apt-get install postgresql)."
)


def memory() -> Path | None:
    """Return a folder in memory with room for what tests write, None where there is none."""
    folder = Path("/dev/shm")
    usable = folder.is_dir() and os.access(folder, os.W_OK)
    return folder if usable and shutil.disk_usage(folder).free > 4 * 1024**3 else None


def find_postgres() -> Path | None:
    """Return the folder with PostgreSQL's programs, or None where it is not installed."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists()), None)


HOMES = ["one process", "servers"] if find_postgres() else ["one process"]
if len(HOMES) == 1 and os.environ.get("CI") == "true":
    raise RuntimeError(LEFT_OUT)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(ready: Callable[[], object]) -> None:
    deadline = time.monotonic() + 180
    while True:
        try:
            ready()
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@dataclass
class Program:
    """A program that can be killed, stopped and started again with what it has on the disk."""

    command: list[str]
    ready: Callable[[], object]
    user: str | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        as_user = {"user": self.user, "group": self.user} if self.user else {}
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            **as_user,  # type: ignore[call-overload]
        )
        _wait(self.ready)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None

    def kill(self) -> None:
        self.stop(signal.SIGKILL)


class Servers:
    """One PostgreSQL and one Chroma server, with a database for each store."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="chatbot-servers-", dir=memory()))
        self._folder.chmod(0o755)
        self.postgres = self._postgres()
        self.chroma = self._chroma()

    def _postgres(self) -> Program:
        programs = find_postgres()
        assert programs is not None
        self._port = free_port()
        data = self._folder / "postgres"
        data.mkdir()
        user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
        if user:
            shutil.chown(data, user, user)
        as_user = {"user": user, "group": user} if user else {}
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "chatbot", "-A", "trust"]
        subprocess.run(
            [*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            check=True,
            capture_output=True,
            cwd="/",
            **as_user,  # type: ignore[call-overload]
        )
        options = [f"port={self._port}", "listen_addresses=127.0.0.1", "fsync=off"]
        options += ["unix_socket_directories=", "max_connections=200"]
        command = [str(programs / "postgres"), "-D", str(data)]
        command += [word for option in options for word in ("-c", option)]
        return Program(command, lambda: self.ask("SELECT 1", "postgres"), user)

    def _chroma(self) -> Program:
        self._chroma_port = free_port()
        chroma = str(Path(sys.executable).parent / "chroma")
        command = [chroma, "run", "--host", "127.0.0.1", "--port", str(self._chroma_port)]
        command += ["--path", str(self.chroma_folder)]
        beat = f"{self.chroma_url}/api/v2/heartbeat"
        return Program(command, lambda: urllib.request.urlopen(beat, timeout=2).close())

    @property
    def chroma_folder(self) -> Path:
        return self._folder / "chroma"

    @property
    def chroma_url(self) -> str:
        return f"http://127.0.0.1:{self._chroma_port}"

    def url(self, database: str) -> str:
        return f"postgresql://chatbot@127.0.0.1:{self._port}/{database}"

    def ask(self, statement: str, database: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url(database), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def new_place(self, data_dir: Path) -> Place:
        """Return a place with a database of its own."""
        name = f"t{uuid.uuid4().hex}"
        self.ask(f"CREATE DATABASE {name}", "postgres")
        return Place(
            data_dir=data_dir,
            database_url=self.url(name),
            chroma=ChromaServer(url=self.chroma_url),
        )

    def start(self) -> None:
        self.postgres.start()
        self.chroma.start()

    def close(self) -> None:
        # None of them waits for a client: no server outlives the tests.
        self.chroma.kill()
        self.postgres.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)
