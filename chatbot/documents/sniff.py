"""Tells what a file is: by its name, and by its first bytes where the name may be wrong.

Knows signatures, not formats.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from chatbot.documents.encoding import wide_name
from chatbot.documents.loaders import LOADERS, OLE, SUPPORTED_SUFFIXES, ZIP, Loader, packed_kinds
from chatbot.errors import DocumentError, UnreadableFile, UnsupportedFile

_OLD_OFFICE = {
    "docx": "Word file (.doc)",
    "xlsx": "Excel file (.xls)",
    "pptx": "PowerPoint file (.ppt)",
}
_SIGNATURES: Mapping[str, tuple[bytes, ...]] = {
    "a PDF file": (b"%PDF-",),
    "a PNG image": (b"\x89PNG",),
    "a JPEG image": (b"\xff\xd8\xff",),
    "a GIF image": (b"GIF8",),
    "a zip archive or an Office file": (ZIP,),
    "an empty zip archive": (b"PK\x05\x06",),
    "an old or encrypted Office file": (OLE,),
    "an RTF file": (b"{\\rtf",),
    "a program": (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\x00asm"),
    "a Windows program": (b"MZ\x90",),
    "a gzip archive": (b"\x1f\x8b",),
    "a bzip2 archive": (b"BZh",),
    "an xz archive": (b"\xfd7zXZ",),
    "a 7-Zip archive": (b"7z\xbc\xaf\x27\x1c",),
    "a RAR archive": (b"Rar!",),
    "an SQLite database": (b"SQLite format 3\x00",),
    "a media file": (b"RIFF", b"OggS", b"ID3", b"fLaC", b"\x1aE\xdf\xa3"),
    "a font": (b"wOF",),
}
_TEXT_CONTROLS = b"\t\n\x0b\x0c\r\x1b\x85"
_CONTROLS = bytes(set(range(32)) - set(_TEXT_CONTROLS))


def kind_of(name: str) -> str:
    """Return the kind that a file name's suffix stands for."""
    suffix = PurePath(name).suffix.lower()
    if suffix in SUPPORTED_SUFFIXES:
        return SUPPORTED_SUFFIXES[suffix]
    what = f"{suffix} files" if suffix else "files without a suffix"
    known = ", ".join(SUPPORTED_SUFFIXES)
    raise UnsupportedFile(
        f"{name} cannot be added: {what} are not supported. Supported are {known}."
    )


def kind_of_content(data: bytes) -> str:
    """Return the kind that nameless bytes (standard input) look like; txt where nothing says."""
    if data[:1024].find(b"%PDF-") >= 0:
        return "pdf"
    if data.startswith(ZIP):
        names: list[str] = []
        with suppress(BadZipFile, NotImplementedError, ValueError):
            names = ZipFile(io.BytesIO(data)).namelist()
        return next((one.kind for one in packed_kinds(names)), "zip")
    for kind, loader in LOADERS.items():
        if data.startswith(loader.magic) and kind != "msg":
            return kind
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if start.startswith((b"<!doctype html", b"<html")) else "txt"


def check_content(data: bytes, *, name: str, kind: str) -> None:
    """Refuse a file whose first bytes say that it is something else than its suffix.

    Raises:
        UnsupportedFile: if it plainly is another kind of file.
        UnreadableFile: if it should be text and is binary, or is an encrypted or old Office file.
    """
    loader = LOADERS[kind]
    found = next((what for what, magic in _SIGNATURES.items() if data.startswith(magic)), "")
    # A text may begin with "RIFF" or "ID3"; only pdf and rtf files can be free of control codes.
    if not _controls(data[:512]) and not data.startswith((b"%PDF-", b"{\\rtf")):
        found = ""
    if loader.magic:
        # A printer may put a few lines before a PDF.
        if not data.startswith(loader.magic) and not (kind == "pdf" and b"%PDF-" in data[:1024]):
            raise _other(data, loader, name=name, found=found)
    elif found:
        raise UnsupportedFile(f"{name} is not text but {found}; its suffix is wrong.")
    elif _is_binary(data):
        raise UnreadableFile(f"{name} contains binary data, not text.")


def _other(data: bytes, loader: Loader, *, name: str, found: str) -> DocumentError:
    if loader.magic == (ZIP,) and data.startswith(OLE[:4]):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return UnreadableFile(
                f"{name} is encrypted. Save it without a password and add it again."
            )
        if old := _OLD_OFFICE.get(loader.kind):
            return UnsupportedFile(
                f"{name} is an old {old}. Save it as .{loader.kind} and add it again."
            )
    return UnsupportedFile(f"{name} is not {loader.what} but {found or 'something else'}.")


def _is_binary(data: bytes) -> bool:
    """Say whether bytes are no text in any encoding: control codes that no text has.

    UTF-16 and UTF-32 hold NULs; they show themselves by a mark or by NULs at every other place.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return False
    sample = data[:200_000]
    return not wide_name(sample) and _controls(sample) > 0.05 * len(sample)


def _controls(sample: bytes) -> int:
    return len(sample) - len(sample.translate(None, _CONTROLS))
