"""The formats that are read: ONE table of suffixes, first bytes, and the function that reads each.

A loader takes the bytes of a file and its name, and returns a ``Content``. It is imported when a
file needs it. All but the two that need no library run in a process with limits (``isolation``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from chatbot.documents.blocks import Content

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Load(Protocol):
    """A function that reads one format."""

    def __call__(self, data: bytes, *, name: str) -> Content:
        """Return the content of a file; raise a ``DocumentError`` if it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loader:
    """How one kind of file is told and read."""

    kind: str
    what: str
    """What a file of this kind is called in a message."""
    suffixes: tuple[str, ...]
    reads: str
    """Module (in this package) and function."""
    magic: tuple[bytes, ...] = ()
    """How such a file begins, in one of these ways; empty for text."""
    part: str = ""
    """Of a zip archive, a file or a folder that this kind has."""
    isolated: bool = True
    pages: str = ""
    """Module and class that show its pages as they look (``page_views``); empty: shown as text."""

    def load(self, data: bytes, *, name: str) -> Content:
        """Read a file in this process."""
        module, _, function = self.reads.partition(":")
        return cast(Load, getattr(import_module(f"{__name__}.{module}"), function))(data, name=name)


LOADERS: Mapping[str, Loader] = {
    loader.kind: loader
    for loader in (
        Loader(
            kind="txt",
            what="a text",
            suffixes=(".txt",),
            reads="plain:read_plain",
            isolated=False,
        ),
        Loader(
            kind="md",
            what="a Markdown text",
            suffixes=(".md", ".markdown"),
            reads="markdown:read_markdown",
            isolated=False,
        ),
        Loader(kind="html", what="a web page", suffixes=(".html", ".htm"), reads="html:read_html"),
        Loader(
            kind="pdf",
            what="a PDF file",
            suffixes=(".pdf",),
            reads="pdf:read_pdf",
            magic=(b"%PDF-",),
            pages="pdf_view:PdfPages",
        ),
        Loader(
            kind="docx",
            what="a Word file",
            suffixes=(".docx",),
            reads="docx:read_docx",
            magic=(ZIP,),
            part="word/",
        ),
        Loader(
            kind="pptx",
            what="a PowerPoint file",
            suffixes=(".pptx",),
            reads="pptx:read_pptx",
            magic=(ZIP,),
            part="ppt/",
        ),
        Loader(
            kind="xlsx",
            what="an Excel workbook",
            suffixes=(".xlsx", ".xlsm"),
            reads="xlsx:read_xlsx",
            magic=(ZIP,),
            part="xl/",
        ),
        Loader(
            kind="csv",
            what="a table of values",
            suffixes=(".csv", ".tsv"),
            reads="csv_table:read_csv",
        ),
        Loader(
            kind="ipynb",
            what="a notebook",
            suffixes=(".ipynb",),
            reads="notebook:read_notebook",
        ),
        Loader(kind="eml", what="an e-mail", suffixes=(".eml",), reads="mail:read_mail"),
        Loader(
            kind="msg",
            what="an Outlook message",
            suffixes=(".msg",),
            reads="outlook:read_outlook",
            magic=(OLE,),
        ),
        Loader(
            kind="image",
            what="a picture",
            suffixes=(".png", ".jpg", ".jpeg", ".tif", ".tiff"),
            reads="picture:read_picture",
            magic=(b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*"),
            pages="picture:PicturePages",
        ),
        Loader(
            kind="odt",
            what="an OpenDocument text",
            suffixes=(".odt",),
            reads="odt:read_odt",
            magic=(ZIP,),
            part="content.xml",
        ),
        Loader(
            kind="rtf",
            what="an RTF file",
            suffixes=(".rtf",),
            reads="rtf:read_rtf",
            magic=(b"{\\rtf",),
        ),
        Loader(
            kind="epub",
            what="an EPUB book",
            suffixes=(".epub",),
            reads="epub:read_epub",
            magic=(ZIP,),
            part="META-INF/container.xml",
        ),
        Loader(
            kind="zip",
            what="a zip archive",
            suffixes=(".zip",),
            reads="zipped:read_zip",
            magic=(ZIP,),
        ),
    )
}
"""For each kind of document its loader."""

SUPPORTED_SUFFIXES: Mapping[str, str] = {
    suffix: loader.kind for loader in LOADERS.values() for suffix in loader.suffixes
}
"""Suffix in lower case, and the kind of document it stands for."""
