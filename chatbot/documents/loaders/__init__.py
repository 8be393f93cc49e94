"""The formats that are read: ONE table of suffixes, first bytes, and the function that reads each.

A loader takes the bytes of a file and its name, and returns a ``Content``. It is imported when a
file needs it. All but text, which needs no library, run in a process with limits (``isolation``).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.errors import MessageError
from pkgutil import resolve_name
from typing import Any
from zipfile import BadZipFile

from chatbot.documents.blocks import Content
from chatbot.errors import UnreadableFile

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DAMAGE = (
    *(ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError),
    *(RuntimeError, StopIteration, SyntaxError, TypeError, ValueError),
    *(BadZipFile, MessageError, zlib.error),
)
"""What libraries raise on a broken file; a loader's ``DAMAGE`` adds what its own library does."""


@dataclass(frozen=True, slots=True)
class Loader:
    """How one kind of file is told and read."""

    kind: str
    what: str
    """What a file of this kind is called in a message."""
    suffixes: tuple[str, ...]
    reads: str
    """Module (in this package) and function; it takes the bytes and, by keyword, the name."""
    magic: tuple[bytes, ...] = ()
    """How such a file begins, in one of these ways; empty for text."""
    part: str = ""
    """A file or a folder that a zip archive of this kind has."""
    pages: str = ""
    """Module and class that show its pages as they look (``page_views``); empty: shown as text."""
    isolated: bool = True
    """Whether it is read in the process with limits."""

    def load(self, data: bytes, *, name: str) -> Content:
        """Read a file in this process.

        Raises:
            DocumentError: if it is no such file, damaged, or over a limit.
        """
        read = resolve_name(f"{__name__}.{self.reads}")
        try:
            content: Content = read(data, name=name)
        except (*_DAMAGE, *read.__globals__.get("DAMAGE", ())) as error:
            raise UnreadableFile(f"{name} is damaged: it cannot be read as {self.what}.") from error
        return content

    def open_pages(self, data: bytes, name: str) -> Any:  # noqa: ANN401 - of a library in its module
        """Return the pages of a file as they look: an object of the class in ``pages``."""
        return resolve_name(f"{__name__}.{self.pages}")(data, name)


_TABLE = (
    Loader("txt", "a text", (".txt",), "plain:read_plain", isolated=False),
    Loader("md", "a Markdown text", (".md", ".markdown"), "markdown:read_markdown"),
    Loader("html", "a web page", (".html", ".htm"), "html:read_html"),
    Loader("pdf", "a PDF file", (".pdf",), "pdf:read_pdf", (b"%PDF-",), pages="pdf:PdfPages"),
    Loader("docx", "a Word file", (".docx",), "docx:read_docx", (ZIP,), "word/"),
    Loader("pptx", "a PowerPoint file", (".pptx",), "pptx:read_pptx", (ZIP,), "ppt/"),
    Loader("xlsx", "an Excel workbook", (".xlsx", ".xlsm"), "xlsx:read_xlsx", (ZIP,), "xl/"),
    Loader("csv", "a table of values", (".csv", ".tsv"), "sheets:read_csv"),
    Loader("ipynb", "a notebook", (".ipynb",), "notebook:read_notebook"),
    Loader("eml", "an e-mail", (".eml",), "mail:read_mail"),
    Loader("msg", "an Outlook message", (".msg",), "mail:read_outlook", (OLE,)),
    Loader(
        "image",
        "a picture",
        (".png", ".jpg", ".jpeg", ".tif", ".tiff"),
        "picture:read_picture",
        (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*"),
        pages="picture:PicturePages",
    ),
    Loader("odt", "an OpenDocument text", (".odt",), "odt:read_odt", (ZIP,), "content.xml"),
    Loader("rtf", "an RTF file", (".rtf",), "rtf:read_rtf", (b"{\\rtf",)),
    Loader("epub", "an EPUB book", (".epub",), "epub:read_epub", (ZIP,), "META-INF/container.xml"),
    Loader("zip", "a zip archive", (".zip",), "zipped:read_zip", (ZIP,)),
)
LOADERS: Mapping[str, Loader] = {loader.kind: loader for loader in _TABLE}
"""The loader of each kind of document."""

SUPPORTED_SUFFIXES: Mapping[str, str] = {
    suffix: loader.kind for loader in LOADERS.values() for suffix in loader.suffixes
}
"""Suffix in lower case, and the kind of document it stands for."""


def packed_kinds(names: Sequence[str]) -> list[Loader]:
    """Return the loaders whose part is in an archive that has these files."""
    return [one for one in _TABLE if one.part and any(n.startswith(one.part) for n in names)]
