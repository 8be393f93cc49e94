"""Embeddings from a server: a real HTTP server on loopback that misbehaves on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from chatbot import Settings
from chatbot.errors import (
    LLMAuthError,
    LLMBadResponse,
    LLMError,
    LLMTimeout,
    LLMUnavailable,
    SettingsError,
)
from chatbot.models.embedder import Embedder
from chatbot.models.embedders import load_embedder
from chatbot.types import Span

Reply = tuple[int, str, bytes]


class EmbeddingServer:
    """Answers ``/v1/embeddings``; ``reply`` may be replaced by a test."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.reply: Callable[[dict[str, Any]], Reply] = lambda body: good(body["input"])
        self.silent = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.silent.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def _handler(server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append(body | {"path": self.path})
                server.keys.append(self.headers["Authorization"])
                status, kind, data = server.reply(body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if status == 307:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


def vector(text: str) -> list[float]:
    return [float(len(text)), 1.0, 2.0]


def good(texts: list[str]) -> Reply:
    return listed([{"index": n, "embedding": vector(text)} for n, text in enumerate(texts)])


def listed(items: list[Any]) -> Reply:
    rows = [{"object": "embedding"} | item for item in items]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    body = {"object": "list", "model": "m", "data": rows, "usage": usage}
    return 200, "application/json", json.dumps(body).encode()


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    running = EmbeddingServer()
    yield running
    running.close()


def embedder_for(server: EmbeddingServer, **options: object) -> Embedder:
    named = {"embedding_model": "openai:tiny", "embedding_base_url": server.url}
    return load_embedder(Settings.model_validate(named | options))


def test_the_server_is_asked_once_for_the_dimension(server: EmbeddingServer) -> None:
    embedder = embedder_for(server)
    assert embedder.name == "openai:tiny"
    assert server.requests == []
    assert embedder.dimension == 3
    assert embedder.dimension == 3
    assert len(server.requests) == 1
    assert server.requests[0]["path"] == "/v1/embeddings"
    assert server.requests[0]["model"] == "tiny"


def test_vectors_are_unit_length_and_in_order_whatever_the_server_s_order(
    server: EmbeddingServer,
) -> None:
    texts = ["a" * n for n in range(1, 151)]

    def shuffled(body: dict[str, Any]) -> Reply:
        return listed(json.loads(good(body["input"])[2])["data"][::-1])

    server.reply = shuffled
    vectors = embedder_for(server).embed(texts)
    expected = np.array([vector(text) for text in texts])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, expected, atol=1e-6)
    assert [len(request["input"]) for request in server.requests] == [64, 64, 22]


def test_chunks_have_no_sentence_vectors(server: EmbeddingServer) -> None:
    found = embedder_for(server).embed_chunks(["One. Two."], [[Span(start=0, end=4)]])
    assert found.chunks.shape == (1, 3)
    assert found.sentences is None


def test_no_texts_give_an_array_without_rows(server: EmbeddingServer) -> None:
    assert embedder_for(server).embed([]).shape == (0, 3)


def test_blank_and_long_texts_are_sent_so_that_servers_take_them(server: EmbeddingServer) -> None:
    embedder_for(server).embed(["", " \n", "a" * 7000])
    assert [len(text) for text in server.requests[0]["input"]] == [1, 1, 6000]
    assert all(text.strip() for text in server.requests[0]["input"])


def test_tokens_are_counted_without_the_server(server: EmbeddingServer) -> None:
    assert embedder_for(server).count_tokens(["harbour treaty", ""]) == [2, 0]
    assert server.requests == []


def test_a_server_without_a_key_gets_a_placeholder(server: EmbeddingServer) -> None:
    assert embedder_for(server).dimension == 3
    assert embedder_for(server, api_key="sk-mine").dimension == 3
    assert server.keys == ["Bearer no-key", "Bearer sk-mine"]


def test_the_chat_server_is_asked_when_no_other_is_named(server: EmbeddingServer) -> None:
    assert load_embedder(Settings(embedding_model="openai:m", base_url=server.url)).dimension == 3


def test_openai_itself_is_not_asked_without_a_key() -> None:
    with pytest.raises(SettingsError, match="there is no key"):
        load_embedder(Settings(embedding_model="openai:text-embedding-3-small"))


def test_an_address_without_a_host_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match="write a whole address"):
        load_embedder(Settings(embedding_model="openai:m", embedding_base_url="localhost"))


BAD: dict[str, Reply] = {
    "one too few": listed([{"index": 0, "embedding": [1.0, 2.0]}]),
    "one too many": listed([{"index": n, "embedding": [1.0, 2.0]} for n in range(3)]),
    "different lengths": listed([{"index": n, "embedding": [1.0] * (n + 1)} for n in range(2)]),
    "zero": listed([{"index": n, "embedding": [0.0, 0.0]} for n in range(2)]),
    "null": listed([{"index": n, "embedding": None} for n in range(2)]),
    "words": listed([{"index": n, "embedding": ["a", "b"]} for n in range(2)]),
    "empty": listed([]),
    "html": (200, "text/html", b"<html>hello</html>"),
    "no json": (200, "application/json", b"<html>hello</html>"),
    "another shape": (200, "application/json", b'{"embeddings": [[1, 2], [3, 4]]}'),
    "a list": (200, "application/json", b"[]"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_list_of_embeddings_is_a_typed_error(server: EmbeddingServer, kind: str) -> None:
    server.reply = lambda body: BAD[kind]
    with pytest.raises(LLMBadResponse, match=r"embedding server at 127\.0\.0\.1.*tiny") as caught:
        embedder_for(server).embed(["one", "two"])
    assert "\n" not in str(caught.value)


def test_a_refused_key_is_a_typed_error_and_the_key_is_not_shown(server: EmbeddingServer) -> None:
    server.reply = lambda body: (401, "application/json", b'{"error": {"message": "sk-secret"}}')
    with pytest.raises(LLMAuthError) as caught:
        embedder_for(server, api_key="sk-secret").embed(["text"])
    assert "sk-secret" not in str(caught.value)
    assert len(server.requests) == 1


def test_a_server_that_failed_once_is_asked_again(server: EmbeddingServer) -> None:
    def fails_first(body: dict[str, Any]) -> Reply:
        return good(body["input"]) if len(server.requests) > 1 else (500, "text/plain", b"oh")

    server.reply = fails_first
    assert embedder_for(server).embed(["text"]).shape == (1, 3)
    assert len(server.requests) == 2


def test_a_server_that_keeps_failing_is_a_typed_error(server: EmbeddingServer) -> None:
    server.reply = lambda body: (503, "text/plain", b"oh")
    with pytest.raises(LLMUnavailable):
        embedder_for(server).embed(["text"])
    assert len(server.requests) == 2


def test_a_redirect_is_not_followed(server: EmbeddingServer) -> None:
    server.reply = lambda body: (307, "text/plain", b"")
    with pytest.raises(LLMError, match="not followed"):
        embedder_for(server).embed(["text"])


def test_a_refused_connection_is_a_typed_error(server: EmbeddingServer) -> None:
    settings = Settings(embedding_model="openai:m", embedding_base_url="http://127.0.0.1:9/v1")
    with pytest.raises(LLMUnavailable, match="cannot be reached"):
        load_embedder(settings).embed(["text"])


def test_a_silent_server_is_a_timeout(server: EmbeddingServer) -> None:
    def hang(body: dict[str, Any]) -> Reply:
        server.silent.wait(10)
        return good(body["input"])

    server.reply = hang
    with pytest.raises(LLMTimeout):
        embedder_for(server, llm_read_timeout=0.3).embed(["text"])
