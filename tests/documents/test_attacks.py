"""Hostile files fail alone: one clear sentence, little memory, nothing left behind."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from documents_helpers import parse, raw_pdf
from made_files import KINDS, archive, docx, epub, odt

from chatbot.documents import isolation
from chatbot.documents.isolation import Workers
from chatbot.documents.limits import PARSE_SECONDS
from chatbot.errors import DocumentError

MOST_MEMORY = 512_000
"""Kilobytes that a parsing process has held at most."""
PARTS = KINDS["prose"].parts


def zip_bomb() -> bytes:
    return archive({f"{n}.txt": "0" * 20_000_000 for n in range(6)})


def nested_zip() -> bytes:
    data = archive({"a.txt": "Hello."})
    for _ in range(20):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            target.writestr("inner.zip", data)
        data = stream.getvalue()
    return data


def laughs(make: Callable[..., bytes], part: str) -> bytes:
    """Put the entities of a billion laughs before the XML of one part of a file."""
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(make(PARTS))) as source,
        zipfile.ZipFile(stream, "w") as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                head, _, body = data.decode().partition("?>")
                body = body.replace("The ferry", "&j;", 1)
                data = f"{head}?><!DOCTYPE x [{entities}]>{body}".encode()
            target.writestr(name, data)
    return stream.getvalue()


def looped_pages() -> bytes:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    data = raw_pdf(b"BT /F1 12 Tf 50 700 Td (Hello) Tj ET", font)
    return data.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[2 0 R]/Count 9")


def looped_references() -> bytes:
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    data = raw_pdf(b"BT /F1 12 Tf 50 700 Td (Hello) Tj ET", font)
    place = data.rindex(b"xref\n0 ")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % place)


def looped_form() -> bytes:
    """Draw a form that draws itself."""
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length 5>>"
        b"stream\n/X Do\nendstream"
    )
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    data = raw_pdf(b"/X Do", font, others=[form])
    return data.replace(b"/Resources<</Font", b"/Resources<</XObject<</X 6 0 R>>/Font", 1)


def empty_rows() -> bytes:
    """Say a million times that a row is empty."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Only this."])
    stream = io.BytesIO()
    book.save(stream)
    result = io.BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(result, "w", 8) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                rows = b"".join(b'<row r="%d"/>' % number for number in range(2, 1_000_001))
                data = data.replace(b"</sheetData>", rows + b"</sheetData>")
                data = data.replace(b'ref="A1:A1"', b'ref="A1:XFD1000000"')
            target.writestr(name, data)
    return result.getvalue()


def deep_mail() -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3_000)
    )
    return b"From: a@example.org\n" + head + b"\nHello."


ATTACKS: dict[str, Callable[[], bytes]] = {
    "bomb.zip": zip_bomb,
    "bomb.xlsx": zip_bomb,
    "bomb.epub": zip_bomb,
    "nested.zip": nested_zip,
    "laughs.odt": lambda: laughs(odt, "content.xml"),
    "laughs.epub": lambda: laughs(epub, "a.xhtml"),
    "looped.pdf": looped_pages,
    "looped-references.pdf": looped_references,
    "looped-form.pdf": looped_form,
    "rows.xlsx": empty_rows,
    "laughs.docx": lambda: laughs(docx, "word/document.xml"),
    "deep.eml": deep_mail,
    "deep.ipynb": lambda: ('{"cells":' + "[" * 100_000).encode(),
    "deep.rtf": lambda: b"{\\rtf1 " + b"{" * 200_000,
    "wide.csv": lambda: b"," * 5_000_000,
    "long-number.ipynb": lambda: json.dumps({"cells": []})[:-1].encode() + b',"a":' + b"9" * 10**6,
}


HARMLESS = {"laughs.epub", "looped-references.pdf", "rows.xlsx"}
"""Those of which the rest is read: the entities stay closed, the loop is not followed."""


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_fails_alone_in_a_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    pool = Workers(size=1, seconds=200 if name in HARMLESS else PARSE_SECONDS)
    monkeypatch.setattr(isolation, "_workers", pool)
    monkeypatch.setattr(isolation, "is_installed", lambda: False)
    try:
        if name in HARMLESS:
            assert 0 < len(parse(ATTACKS[name](), name).document.text) < 200
        else:
            with pytest.raises(DocumentError) as refusal:
                parse(ATTACKS[name](), name)
            message = str(refusal.value)
            assert message.startswith(name)
            assert "\n" not in message
            assert len(message) < 300
        if pool.idle and sys.platform == "linux":
            status = Path(f"/proc/{pool.idle[0].process.pid}/status").read_text()
            peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
            assert int(peak.split()[1]) < MOST_MEMORY
    finally:
        pool.close()
    assert list(tmp_path.iterdir()) == []
