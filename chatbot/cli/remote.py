"""The running server as the command line uses it, since one process owns the store.

It is found by the note in the data directory and only ever on this machine. Knows HTTP, not the
commands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

from chatbot.bot import Chatbot
from chatbot.errors import ChatbotError, StoreError
from chatbot.settings import Settings
from chatbot.store.collections import documents_to_ask, find_collection
from chatbot.store.lock import Presence, find_server
from chatbot.types import (
    Answer,
    AnswerEvent,
    Collection,
    DocumentInfo,
    IngestProgress,
    IngestReport,
    ProgressCallback,
    ReadingPrompt,
    Restarted,
    TextDelta,
    TokenRow,
    Turn,
)
from chatbot.types.json_values import from_json

TIMEOUT: Final = 600.0
"""Seconds without a byte: a large file takes its time to be read and embedded."""
_PAGE: Final = 1000
_PATH: Final = "/api/collections"
_MOST_TURNS: Final = 200
"""Messages that the server takes as the history of a question."""
_EVENTS: Final = {"reading": ReadingPrompt, "delta": TextDelta, "restart": Restarted}
_OPENER: Final = build_opener(ProxyHandler({}))
"""Asks this machine itself, whatever proxy the shell names."""
Sent = Mapping[str, object] | None
"""A JSON object."""
Kind = TypeVar("Kind")


@contextmanager
def opened(*, read_only: bool = False) -> Iterator[Chatbot | RemoteBot]:
    """Lend the running server of the data directory, or the store itself where none runs."""
    settings = Settings()
    server = find_server(settings.data_dir)
    if server is not None:
        yield RemoteBot(server)
        return
    with Chatbot.from_settings(settings, read_only=read_only) as bot:
        yield bot


class RemoteRefusal(ChatbotError):
    """The running server refused, and said why."""


class RemoteBot:
    """What the command line asks and changes, done by the running server; see ``Chatbot``."""

    def __init__(self, server: Presence) -> None:
        self._server = server
        self.collections = _Collections(self)
        self.tokens = _Tokens(self)

    @property
    def mode(self) -> str:
        """``extractive``, or the name of the model that answers."""
        return str(self.json("GET", "/readyz")["mode"])

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), documents: Sequence[str] | None = None
    ) -> Iterator[AnswerEvent]:
        """Yield the text of an answer as it comes, and last the Answer."""
        turns = [asdict(turn) for turn in history[-_MOST_TURNS:]]
        chosen = None if documents is None else list(documents)
        asked = {"question": question, "history": turns, "documents": chosen}
        for name, data in self._told("/api/ask/stream", asked):
            if name == "answer":
                yield _answer_in(data)
                return
            if name in _EVENTS:
                yield _EVENTS[name](**data)

    def add(self, *paths: Path, progress: ProgressCallback | None = None) -> IngestReport:
        """Add files and folders, which the server reads from the same machine."""
        return self._paths(paths, sync=False, progress=progress)

    def sync(self, folder: Path, *, progress: ProgressCallback | None = None) -> IngestReport:
        """Bring the documents in step with a folder."""
        return self._paths([folder], sync=True, progress=progress)

    def _paths(
        self, paths: Sequence[Path], *, sync: bool, progress: ProgressCallback | None
    ) -> IngestReport:
        absolute = [str(path.expanduser().absolute()) for path in paths]
        for name, data in self._told("/api/paths", {"paths": absolute, "sync": sync}):
            if name == "report":
                break
            if progress is not None:
                progress(IngestProgress(**data))
        return from_json(IngestReport, data, extra="ignore")

    def add_text(self, text: str, *, title: str) -> IngestReport:
        """Add a text."""
        return self.made(IngestReport, "POST", "/api/documents", {"title": title, "text": text})

    def add_address(self, address: str) -> IngestReport:
        """Add what stands at a web address."""
        return self.made(IngestReport, "POST", "/api/addresses", {"address": address})

    def refresh(self) -> IngestReport:
        """Fetch all web addresses again."""
        return self.made(IngestReport, "POST", "/api/addresses/refresh")

    def add_bytes(self, data: bytes, *, name: str) -> IngestReport:
        """Add the content of a file."""
        boundary = "chatbot-file-boundary-5d1f7a"
        disposition = f'form-data; name="file"; filename="{quote(name, safe=" ")}"'
        head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\n\r\n"
        body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        with self._answer("POST", "/api/files", body, kind) as response:
            return from_json(IngestReport, json.load(response), extra="ignore")

    def documents(self) -> list[DocumentInfo]:
        """Return the documents, oldest first, without their texts."""
        rows: list[Mapping[str, Any]] = []
        while True:
            page = self.json("GET", f"/api/documents?limit={_PAGE}&offset={len(rows)}")
            rows += page["documents"]
            if len(rows) >= page["total"] or not page["documents"]:
                return [from_json(DocumentInfo, row, extra="ignore") for row in rows]

    def remove(self, document_id: str) -> None:
        """Remove a document."""
        self.json("DELETE", f"/api/documents/{quote(document_id, safe='')}")

    def collection(self, name: str) -> tuple[str, ...]:
        """Return the documents of a collection, to be asked about."""
        return documents_to_ask(self.collections.get(name))

    def made(self, kind: type[Kind], method: str, path: str, sent: Sent = None) -> Kind:
        """Return what the server answers with as one of our types, which may have fewer fields."""
        return from_json(kind, self.json(method, path, sent), extra="ignore")

    def json(self, method: str, path: str, sent: Sent = None) -> dict[str, Any]:
        """Return the JSON that the server answers with."""
        body = None if sent is None else json.dumps(sent).encode()
        with self._answer(method, path, body) as response:
            found: dict[str, Any] = json.loads(response.read() or "{}")
        return found

    def _told(self, path: str, sent: Sent) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the names and data of events; that they end before the last one is an error."""
        name = ""
        with self._answer("POST", path, json.dumps(sent).encode()) as response:
            for line in response:
                field, _, value = line.decode().rstrip("\r\n").partition(": ")
                if field == "event":
                    name = value
                elif field == "data" and name == "error":
                    raise RemoteRefusal(json.loads(value)["detail"])
                elif field == "data":
                    yield name, json.loads(value)
        raise StoreError("The running server stopped before it finished. Try again.")

    @contextmanager
    def _answer(
        self, method: str, path: str, body: bytes | None, kind: str = "application/json"
    ) -> Iterator[HTTPResponse]:
        headers = {"Authorization": f"Bearer {self._server.key}", "Content-Type": kind}
        asked = Request(self._server.address + path, data=body, headers=headers, method=method)
        try:
            with _OPENER.open(asked, timeout=TIMEOUT) as response:
                yield response
        except HTTPError as error:
            raise RemoteRefusal(_detail(error)) from error
        except (OSError, HTTPException, ValueError) as error:
            raise StoreError(
                f"Process {self._server.pid} serves this data directory at {self._server.address} "
                "but does not answer. Try again, or stop it."
            ) from error


@dataclass(frozen=True, slots=True)
class _Collections:
    """The collections of the running server; see ``chatbot.store.Collections``."""

    bot: RemoteBot

    def list(self) -> Sequence[Collection]:
        rows = self.bot.json("GET", _PATH)["collections"]
        return [from_json(Collection, row, extra="ignore") for row in rows]

    def get(self, name: str) -> Collection:
        return find_collection(self.list(), name)

    def create(self, name: str) -> Collection:
        return self.bot.made(Collection, "POST", _PATH, {"name": name})

    def change(
        self,
        name: str,
        *,
        rename: str | None = None,
        put: Sequence[str] = (),
        take: Sequence[str] = (),
    ) -> Collection:
        changed = {"name": rename, "put": list(put[:_PAGE]), "take": list(take[:_PAGE])}
        path = f"{_PATH}/{self.get(name).id}"
        found = self.bot.made(Collection, "PATCH", path, changed)
        if max(len(put), len(take)) <= _PAGE:
            return found
        return self.change(found.id, put=put[_PAGE:], take=take[_PAGE:])

    def delete(self, name: str) -> None:
        self.bot.json("DELETE", f"{_PATH}/{self.get(name).id}")


@dataclass(frozen=True, slots=True)
class _Tokens:
    """The tokens of the running server; see ``chatbot.store.Tokens``."""

    bot: RemoteBot

    def create(self, name: str) -> str:
        return str(self.bot.json("POST", "/api/tokens", {"name": name})["token"])

    def list(self) -> list[TokenRow]:
        return [TokenRow(**row) for row in self.bot.json("GET", "/api/tokens")["tokens"]]

    def revoke(self, name: str) -> None:
        self.bot.json("DELETE", f"/api/tokens/{quote(name, safe='')}")


def _detail(error: HTTPError) -> str:
    try:
        return str(json.load(error)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The running server answered with status {error.code}."


def _answer_in(data: Mapping[str, Any]) -> Answer:
    try:
        return Answer.from_dict(data)
    except ValueError as error:
        raise RemoteRefusal(
            "The running server has another version than this command. Restart the server."
        ) from error
