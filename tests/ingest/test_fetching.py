"""Web addresses: what is fetched and what is refused; nothing leads into a private network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from chatbot import Chatbot, Settings
from chatbot.documents import MAX_FILE_BYTES
from chatbot.errors import DocumentError, FileTooLarge, SettingsError, UnreadableFile
from chatbot.ingest import fetching
from chatbot.ingest.fetching import fetch, is_public

PAGE = b"<html><title>Quay</title><p>The quay is open until ten at night.</p></html>"


class Site(BaseHTTPRequestHandler):
    """Answers with what the test has put at a path: status, headers, body."""

    pages: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}
    slow: ClassVar[threading.Event] = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            while not self.slow.wait(0.05):
                self.wfile.write(b"x")
            return
        status, headers, body = self.pages[self.path]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A web site on this machine, which counts as public here."""
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    Site.pages = {"/a": (200, {"Content-Type": "text/html; charset=utf-8"}, PAGE)}
    Site.slow = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Site.slow.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "fe80::1"),
        *("fc00::1", "ff02::1", "fe80::1%eth0", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
    ],
)
def test_no_address_of_a_private_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111"])
def test_others_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/", "http://localhost:9/", "http://[::1]:9/", "http://0x7f.1:9/",
        "http://2130706433:9/", "http://[::ffff:127.0.0.1]:9/", "http://169.254.169.254/latest",
    ],
)  # fmt: skip
def test_this_machine_is_not_asked(address: str) -> None:
    with pytest.raises(UnreadableFile, match=r"is not a public address\.$"):
        fetch(address)


def test_a_name_with_one_private_address_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def resolved(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        kind = socket.SOCK_STREAM
        return [
            (socket.AF_INET, kind, 6, "", ("93.184.216.34", port)),
            (socket.AF_INET, kind, 6, "", ("127.0.0.1", port)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(UnreadableFile, match=r"leads to 127\.0\.0\.1"):
        fetch("http://rebinding.example/")
    assert asked == ["rebinding.example"]  # once: what was looked at is what would be connected to


def test_the_address_that_was_looked_at_is_connected_to(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.rpartition(":")[2])
    answers = iter(["127.0.0.1", "10.9.9.9"])
    place = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(*place, (next(answers), port))])
    assert fetch("http://rebinding.example/a").data == PAGE


def test_a_redirection_into_a_private_network_is_not_followed(site: str) -> None:
    Site.pages["/away"] = (302, {"Location": "http://127.0.0.2:9/secret"}, b"")
    with pytest.raises(UnreadableFile, match=r"/away is not fetched: it leads to 127\.0\.0\.2"):
        fetch(f"{site}/away")


def test_redirections_are_followed_and_have_an_end(site: str) -> None:
    Site.pages["/b"] = (301, {"Location": "/a"}, b"")
    Site.pages["/round"] = (307, {"Location": "/round"}, b"")
    Site.pages["/file"] = (302, {"Location": "file:///etc/passwd"}, b"")
    fetched = fetch(f"{site}/b")
    assert (fetched.data, fetched.name) == (PAGE, "a.html")
    with pytest.raises(UnreadableFile, match="redirects more than 5 times"):
        fetch(f"{site}/round")
    with pytest.raises(UnreadableFile, match="is not the address of a web page"):
        fetch(f"{site}/file")


def test_what_is_large_slow_cut_or_missing_is_refused_in_a_sentence(site: str) -> None:
    Site.pages["/large"] = (200, {}, b"x" * (MAX_FILE_BYTES + 1))
    Site.pages["/cut"] = (200, {"Content-Length": "999"}, b"short")
    Site.pages["/gone"] = (404, {}, b"")
    Site.pages["/packed"] = (200, {"Content-Encoding": "gzip"}, b"zz")
    with pytest.raises(FileTooLarge, match="is larger than 10 MB"):
        fetch(f"{site}/large")
    with pytest.raises(FileTooLarge, match=r"took longer than 0\.5 seconds"):
        fetch(f"{site}/slow", seconds=0.5)
    for path, why in (
        ("/cut", "cannot be fetched"),
        ("/gone", "the server answers 404"),
        ("/packed", "the server sends it compressed"),
    ):
        with pytest.raises(UnreadableFile, match=why):
            fetch(f"{site}{path}")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/a",
        "file:///etc/passwd",
        "http://",
        "http://u:p@example.org/",
        "http://a b",
    ],
)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(DocumentError):
        fetch(address)


def test_the_kind_is_told_by_the_server_the_name_or_the_content(site: str) -> None:
    Site.pages["/paper"] = (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4")
    Site.pages["/list.csv?x=1"] = (200, {"Content-Type": "application/octet-stream"}, b"a,b")
    Site.pages["/"] = (200, {"Content-Type": "text/plain"}, b"Words.")
    assert fetch(f"{site}/paper").name == "paper.pdf"
    assert fetch(f"{site}/list.csv?x=1").name == "list.csv"
    assert fetch(site).name == "127.0.0.1"


def test_a_page_is_added_under_its_address_and_fetched_again(site: str, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, corpus_dir=None, allow_urls=True)
    with Chatbot.from_settings(settings) as bot:
        (added,) = bot.add_address(f"{site}/a").added
        assert (added.source, added.title, added.kind) == (f"{site}/a", "Quay", "html")
        assert added.added[:2] == "20"
        assert bot.refresh().unchanged == (added,)
        Site.pages["/a"] = (200, {"Content-Type": "text/html"}, PAGE.replace(b"ten", b"nine"))
        report = bot.refresh()
        assert report.replaced == (added.id,)
        assert "nine" in bot.document(report.added[0].id).text
        del Site.pages["/a"]
        (failed,) = bot.refresh().failed
        assert failed.source == f"{site}/a"
        assert len(bot.documents()) == 1  # what was there stays


def test_nothing_is_fetched_unless_it_is_permitted(tmp_path: Path) -> None:
    with Chatbot.from_settings(Settings(data_dir=tmp_path, corpus_dir=None)) as bot:
        with pytest.raises(SettingsError, match="CHATBOT_ALLOW_URLS=1"):
            bot.add_address("https://example.org/")
        with pytest.raises(SettingsError, match="CHATBOT_ALLOW_URLS=1"):
            bot.refresh()
