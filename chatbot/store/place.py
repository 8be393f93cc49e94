"""Where a store stands: a data directory alone, or with servers for its tables and its vectors."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from chatbot.errors import SettingsError, StoreError
from chatbot.settings import Settings
from chatbot.store.chroma import ChromaServer

FILE: Final = "chatbot.sqlite3"


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
        return self.directory / FILE

    @property
    def directory(self) -> Path:
        """The data directory, absolute."""
        return self.data_dir.expanduser().absolute()


def no_store(where: str) -> StoreError:
    """Return the error for a directory, or a database, without a store."""
    return StoreError(
        f"There is no store in {where} yet: add a document first (`chatbot add PATH`)."
    )
