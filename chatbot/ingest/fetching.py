"""Fetches what stands at a web address: from public addresses only, with limits on size and time.

A name is resolved here, each address it has is looked at, and the connection goes to one of those:
so neither a redirection nor a name that changes its address leads into a private network. No
proxy, no cookie, no name and password is used.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import threading
from contextlib import suppress
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from chatbot.documents import MAX_FILE_BYTES, SUPPORTED_SUFFIXES
from chatbot.errors import FileTooLarge, UnreadableFile

SECONDS: Final = 30.0
"""For all of it: connecting, redirections, and the last byte."""
_MOST_REDIRECTIONS: Final = 5
_MOST_CHARACTERS: Final = 2_000
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]{1,10}://", re.IGNORECASE)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_SUFFIXES: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
}
"""What a server calls a kind of file; any other is told by its name or by what stands in it."""


class Fetched(NamedTuple):
    """What stood at a web address."""

    data: bytes
    name: str
    """A name for it; its suffix, if it has one, says what kind of file it is."""


def is_address(text: str) -> bool:
    """Say whether a text is a web address rather than a path."""
    return _ADDRESS.match(text) is not None


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, also inside of a longer one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def fetch(address: str, *, seconds: float = SECONDS) -> Fetched:
    """Return what stands at a web address.

    Raises:
        UnreadableFile: if it is no address that may be fetched, or the server does not give it.
        FileTooLarge: if it is over the limit of a file, or takes too long.
    """
    visit = _Visit(address)
    alarm = threading.Timer(seconds, visit.give_up)
    alarm.daemon = True
    alarm.start()
    try:
        return visit.fetched()
    except (OSError, HTTPException, ValueError) as error:
        if visit.late:
            raise FileTooLarge(
                f"Fetching {address} took longer than {seconds:g} seconds, so it was stopped."
            ) from error
        raise UnreadableFile(f"{address} cannot be fetched: {_why(error)}.") from error
    finally:
        alarm.cancel()
        visit.close()


class _Visit:
    """One address with its redirections."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._socket: socket.socket | None = None
        self._connection: HTTPConnection | None = None
        self.late = False

    def fetched(self) -> Fetched:
        at = self._address
        for _ in range(_MOST_REDIRECTIONS + 1):
            response = self._asked(self._checked(at))
            target = response.getheader("Location")
            if response.status in (301, 302, 303, 307, 308) and target:
                at = urljoin(at, target)
                self.close()
                continue
            if response.status != 200:
                raise OSError(f"the server answers {response.status}")
            return Fetched(data=self._body(response), name=_name(at, response.headers))
        raise OSError(f"it redirects more than {_MOST_REDIRECTIONS} times")

    def give_up(self) -> None:
        """End the connection from another thread: whoever reads from it gets an error."""
        self.late = True
        if self._socket is not None:
            with suppress(OSError):  # it has ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _checked(self, address: str) -> SplitResult:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnreadableFile(f"{self._address} is not the address of a web page.")
        if parts.username or parts.password or len(address) > _MOST_CHARACTERS:
            raise UnreadableFile(
                f"{self._address} is not fetched: an address must not contain a user name or a "
                f"password, or have more than {_MOST_CHARACTERS:,} characters."
            )
        return parts

    def _asked(self, parts: SplitResult) -> HTTPResponse:
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self._socket = self._connected(host, port)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self._socket = context.wrap_socket(self._socket, server_hostname=host)
        self._connection = HTTPConnection(host, port, timeout=SECONDS)
        self._connection.sock = self._socket
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        headers = {"Accept-Encoding": "identity", "User-Agent": "chatbot", "Host": parts.netloc}
        self._connection.request("GET", path + query, headers=headers)
        return self._connection.getresponse()

    def _connected(self, host: str, port: int) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_, place in found:
            if not is_public(str(place[0])):
                raise UnreadableFile(
                    f"{self._address} is not fetched: it leads to {place[0]}, which is not a "
                    "public address."
                )
        for family, kind, protocol, _, place in found:
            one = socket.socket(family, kind, protocol)
            one.settimeout(SECONDS)
            try:
                one.connect(place)
            except OSError:
                one.close()
                continue
            return one
        raise OSError("no server answers there")

    def _body(self, response: HTTPResponse) -> bytes:
        data = response.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise FileTooLarge(
                f"{self._address} is larger than {MAX_FILE_BYTES // 1_000_000} MB, "
                "the limit for one file."
            )
        length = response.getheader("Content-Length")
        if self.late or (length is not None and len(data) < int(length)):
            raise OSError("the connection broke off")
        if response.getheader("Content-Encoding", "identity") != "identity":
            raise OSError("the server sends it compressed")
        return data


def _name(address: str, headers: Message) -> str:
    parts = urlsplit(address)
    last = PurePosixPath(unquote(parts.path))
    suffix = _SUFFIXES.get(headers.get_content_type(), "")
    if not suffix and last.suffix.lower() in SUPPORTED_SUFFIXES:
        suffix = last.suffix.lower()
    return (last.stem or parts.hostname or "page") + suffix


def _why(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "there is no such name"
    if isinstance(error, ssl.SSLError):
        return "its certificate is not valid"
    return getattr(error, "strerror", None) or str(error) or "the connection broke off"
