"""A store on PostgreSQL and a Chroma server of its own, for benchmarks, and what both cost.

The programs must be installed. PostgreSQL runs without ``fsync``, so times of writing are no
measure; those of searches are not touched by it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.growth import folder_bytes

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

from servers import Servers


def processor_seconds(pid: int) -> float:
    """Return what a process and its children that have ended have used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2]
    return sum(map(int, fields.split()[11:15])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedStore:
    """An empty place on two servers that run."""

    servers: Servers
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The settings that lead a chatbot there."""
        return {
            "CHATBOT_DATABASE_URL": self.database_url,
            "CHATBOT_CHROMA_URL": self.servers.chroma_url,
        }

    def processor_seconds(self) -> float:
        """Return what both servers have used so far, by connections that have ended too."""
        programs = (self.servers.postgres.process, self.servers.chroma.process)
        return sum(processor_seconds(one.pid) for one in programs if one is not None)

    def disk_bytes(self) -> int:
        """Return the size of the database and of Chroma's directory."""
        name = self.database_url.rpartition("/")[2]
        [(size,)] = self.servers.ask(f"SELECT pg_database_size('{name}')", "postgres")
        assert isinstance(size, int)
        return size + folder_bytes(self.servers.chroma_folder)


@contextmanager
def shared_store(scratch: Path) -> Iterator[SharedStore]:
    """Start both servers, and stop them at the end; nothing is kept."""
    with closing(Servers()) as servers:
        servers.start()
        place = servers.new_place(scratch)
        assert place.database_url is not None
        yield SharedStore(servers=servers, database_url=place.database_url)
