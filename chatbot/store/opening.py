"""Where a store stands, and how it is opened: made, or checked to fit version and embedder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from chatbot.errors import EmbedderMismatch, SettingsError, StoreError, StoreVersionError
from chatbot.settings import Settings
from chatbot.store import reading, schema
from chatbot.store.chroma import ChromaServer
from chatbot.store.failures import file_errors
from chatbot.store.home import Home, postgres_home, sqlite_home
from chatbot.store.index import VectorIndex
from chatbot.store.lock import OwnerLock


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The addresses of the two halves of a store."""

    data_dir: Path
    """Of SQLite's file and of the embedded Chroma."""
    database_url: str | None = field(default=None, repr=False)
    """``postgresql://…``; None is SQLite in the data directory."""
    chroma: ChromaServer | None = None
    """None is the embedded Chroma in the data directory."""

    def __post_init__(self) -> None:
        """Check that the halves fit.

        Raises:
            SettingsError: the tables would be everybody's, and the vectors of one machine.
        """
        if self.database_url is not None and self.chroma is None:
            raise SettingsError(
                "A store in PostgreSQL needs a Chroma server that all its processes reach: set "
                "CHATBOT_CHROMA_URL."
            )

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the place that the settings name."""
        chroma = None
        if settings.chroma_url is not None:
            token = settings.chroma_token
            chroma = ChromaServer(
                url=settings.chroma_url,
                token=token.get_secret_value() if token else "",
                tenant=settings.chroma_tenant,
                database=settings.chroma_database,
            )
        url = settings.database_url
        return cls(
            data_dir=settings.data_dir,
            database_url=url.get_secret_value() if url else None,
            chroma=chroma,
        )

    @property
    def file(self) -> Path:
        """SQLite's file."""
        return self.directory / "chatbot.sqlite3"

    @property
    def directory(self) -> Path:
        """The data directory, absolute."""
        return self.data_dir.expanduser().absolute()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What an open store consists of."""

    place: Place
    dimension: int
    """Of the stored vectors."""
    wanted: tuple[str, str]
    """Name and dimension of the embedding model that the settings name."""
    meta: dict[str, str]
    home: Home
    index: VectorIndex
    lock: OwnerLock | None
    close: Callable[[], None]
    """Closes the index, then the database, then gives the lock back."""


def no_store(where: str) -> StoreError:
    """Return the error for a directory, or a database, without a store."""
    return StoreError(
        f"There is no store in {where} yet: add a document first (`chatbot add PATH`)."
    )


def as_place(place: Place | Path) -> Place:
    """Return the place; a path is a data directory alone."""
    return place if isinstance(place, Place) else Place(data_dir=place)


def was_made(place: Place) -> bool:
    """Return whether a store stands here that ``mark_initialised`` was called on.

    One that cannot be read counts too: opening it says what is wrong.
    """
    if place.database_url is None:
        with file_errors(place.data_dir):
            if not place.file.is_file():
                return False
    with closing(_home(place, read_only=True)) as home:
        try:
            with home.reading() as connection:
                made = not schema.is_empty(connection)
                return made and reading.meta(connection)["initialised"] == "1"
        except StoreError:
            return True


def open_parts(
    place: Place, *, embedder: str, dimension: int, read_only: bool, for_repair: bool
) -> Parts:
    """Open a place as ``Store.open`` describes; what fails leaves nothing open."""
    with ExitStack() as opened:
        lock = None
        if place.database_url is None:
            lock = _own(place, opened, read_only=read_only, must_exist=read_only or for_repair)
        home = opened.enter_context(closing(_home(place, read_only=read_only)))
        if not read_only:
            _bring_up_to_date(home, embedder=embedder, dimension=dimension, may_make=not for_repair)
        with home.reading() as connection:
            if read_only:
                _check_readable(connection, home)
            meta = reading.meta(connection)
        if not for_repair and (meta["embedder"], meta["dimension"]) != (embedder, str(dimension)):
            raise EmbedderMismatch(
                f"The store in {home.where} was written with the embedding model "
                f"{meta['embedder']} ({meta['dimension']} numbers), and the settings name "
                f"{embedder} ({dimension}): set the old model again, or run `chatbot doctor "
                "--reembed` to use the new one."
            )
        index = VectorIndex(home, place.chroma or place.directory, store=meta["store"])
        opened.callback(index.close)
        return Parts(
            place=place,
            dimension=int(meta["dimension"]),
            wanted=(embedder, str(dimension)),
            meta=meta,
            home=home,
            index=index,
            lock=lock,
            close=opened.pop_all().close,
        )


def _own(place: Place, opened: ExitStack, *, read_only: bool, must_exist: bool) -> OwnerLock | None:
    """Take the lock of the data directory, made where it is not there; readers take none."""
    file, directory = place.file, place.directory
    with file_errors(directory):
        if must_exist and not file.is_file():
            raise no_store(str(directory))
        if read_only:
            return None
        if not file.exists():
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
        lock = opened.enter_context(closing(OwnerLock(directory)))
        file.touch(mode=0o600)  # SQLite would make one that others can read
    return lock


def _home(place: Place, *, read_only: bool) -> Home:
    if place.database_url is None:
        return sqlite_home(place.file, read_only=read_only)
    return postgres_home(place.database_url, read_only=read_only)


def _bring_up_to_date(home: Home, *, embedder: str, dimension: int, may_make: bool) -> None:
    """Make or upgrade the schema, where others have not done it meanwhile."""
    with home.reading() as connection:
        if schema.version(connection, home.where) == schema.VERSION:
            return
    with home.writing(alone=True) as connection:
        found = schema.version(connection, home.where)
        if not found and not may_make:
            raise no_store(home.where)
        if not found:
            schema.create(connection, embedder=embedder, dimension=dimension)
        elif found < schema.VERSION:
            schema.upgrade(connection, found)


def _check_readable(connection: Connection, home: Home) -> None:
    found = schema.version(connection, home.where)
    if not found:
        raise no_store(home.where)
    if found < schema.VERSION:
        raise StoreVersionError(
            f"{home.where} was written by an older version: open it once for writing to upgrade "
            "it, for example with `chatbot doctor`."
        )
