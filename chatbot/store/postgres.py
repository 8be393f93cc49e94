"""PostgreSQL as the home of the tables, for any number of processes on any number of machines."""

from __future__ import annotations

from functools import partial
from typing import Final

from sqlalchemy import create_engine, make_url

from chatbot.store.failures import postgres_errors
from chatbot.store.home import Home

CONNECT_SECONDS: Final = 5
STATEMENT_SECONDS: Final = 60
LOCK_SECONDS: Final = 30
"""After these a server that does not answer is given up, and the next call tries again."""


def postgres_home(url: str, *, read_only: bool) -> Home:
    """Return the home in this database, with a pool of connections."""
    address = make_url(url).set(drivername="postgresql+psycopg")
    where = address.render_as_string(hide_password=True).replace("+psycopg", "")
    engine = create_engine(
        address,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=CONNECT_SECONDS,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "application_name": "chatbot",
            "tcp_user_timeout": 1000 * LOCK_SECONDS,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s "
            # A search takes some milliseconds: to start workers or a compiler takes longer.
            "-c max_parallel_workers_per_gather=0 -c jit=off",
        },
    )
    return Home(
        where=where,
        shared=True,
        readers=engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ),
        writer=engine,
        errors=partial(postgres_errors, where),
        read_only=read_only,
    )
