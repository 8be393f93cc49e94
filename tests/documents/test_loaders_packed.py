"""Notebooks, e-mails and zip archives: what lies in other files, and what is left out of it."""

from __future__ import annotations

import io
import json
import zipfile
from email.message import EmailMessage

import pytest
from documents_helpers import make_docx, make_pdf, parse, texts
from outlook_files import make_msg

from chatbot.errors import FileTooLarge, UnreadableFile


def notebook(*cells: dict[str, object]) -> str:
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells})


def test_a_notebook_gives_text_code_and_output_in_order() -> None:
    parsed = parse(
        notebook(
            {"cell_type": "markdown", "source": ["# Tides\n", "\n", "They **rise** twice."]},
            {
                "cell_type": "code",
                "source": "high = 4.2\nprint(high)",
                "outputs": [
                    {"output_type": "stream", "text": ["4.2\n"]},
                    {"output_type": "display_data", "data": {"image/png": "", "text/plain": "<F>"}},
                    {"output_type": "display_data", "data": {"application/x-map": {"a": 1}}},
                    {"output_type": "error", "ename": "KeyError", "evalue": "'low'"},
                ],
            },
        ),
        "x.ipynb",
    )
    assert texts(parsed) == [
        "Tides",
        "They rise twice.",
        "high = 4.2",
        "print(high)",
        "4.2",
        "KeyError: 'low'",
    ]
    assert parsed.document.title == "Tides"
    assert parsed.document.warnings == (
        "1 picture was left out.",
        "1 drawn output was left out.",
    )


@pytest.mark.parametrize("data", ['{"nbformat": 4}', "{", "[1]", notebook({"source": "x"})])
def test_what_is_no_notebook_is_refused(data: str) -> None:
    with pytest.raises(UnreadableFile, match=r"x\.ipynb is damaged"):
        parse(data, "x.ipynb")


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ida Moreau <ida@example.org>"
    message["To"] = "Tom <tom@example.org>"
    message["Date"] = "Fri, 09 May 2025 10:00:00 +0200"
    message["Subject"] = "The price of the röpe"
    message.set_content("Dear Tom,\n\nthe rope costs 40 euros.\n\nIda")
    message.add_alternative("<p>The <b>rope</b> costs 40 euros.</p>", subtype="html")
    return message


def test_a_mail_says_who_wrote_when_and_its_text_comes_once() -> None:
    parsed = parse(mail().as_bytes(), "x.eml")
    assert texts(parsed) == [
        "From: Ida Moreau <ida@example.org>",
        "To: Tom <tom@example.org>",
        "Date: Fri, 09 May 2025 10:00:00 +0200",
        "Subject: The price of the röpe",
        "Dear Tom,",
        "the rope costs 40 euros.",
        "Ida",
    ]
    assert parsed.document.title == "The price of the röpe"


def test_attachments_of_a_mail_are_read_or_named() -> None:
    message = mail()
    pdf = make_pdf([["The rope is 12 m long."]])
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="rope.pdf")
    message.add_attachment(b"\x00", maintype="image", subtype="gif", filename="rope.gif")
    parsed = parse(message.as_bytes(), "x.eml")
    assert (parsed.sentences[-1].heading, texts(parsed)[-1]) == (
        "rope.pdf",
        "The rope is 12 m long.",
    )
    assert parsed.document.warnings == (
        "rope.gif was left out: it is not a supported kind of file.",
    )


def test_a_mail_inside_a_mail_is_read_with_its_sender() -> None:
    outer = EmailMessage()
    outer["From"] = "tom@example.org"
    outer.set_content("See below.")
    outer.add_attachment(mail())
    lines = texts(parse(outer.as_bytes(), "x.eml"))
    assert lines[:3] == [
        "From: tom@example.org",
        "See below.",
        "From: Ida Moreau <ida@example.org>",
    ]
    assert lines.count("the rope costs 40 euros.") == 1


OUTLOOK = {0x37: "The gate", 0x0C1A: "Ada Winter", 0x0C1F: "ada@example.org"}


def test_an_outlook_message_is_read_as_a_mail_with_its_attachments() -> None:
    body = OUTLOOK | {0x1000: "The gate is shut.\r\nIt opens at nine."}
    files = (("list.csv", b"Part,Price\nBelt,4\nHose,7\n"), ("x.exe", b"MZ"))
    parsed = parse(make_msg(body, files, sent=133_000_000_000_000_000), "a.msg")
    assert parsed.document.title == "The gate"
    assert texts(parsed) == [
        "From: Ada Winter <ada@example.org>",
        "Date: Sat, 18 Jun 2022 04:26:40 +0000",
        "Subject: The gate",
        "The gate is shut.",
        "It opens at nine.",
        "list.csv",
        "Part | Price",
        "Belt | 4",
        "Hose | 7",
    ]
    assert parsed.document.warnings == ("x.exe was left out: it is not a supported kind of file.",)


def test_what_of_an_outlook_message_cannot_be_read_is_said() -> None:
    parsed = parse(make_msg(OUTLOOK, (("", b""),)), "a.msg")
    assert parsed.document.warnings == (
        "1 attached message was left out.",
        "Its text has a form that cannot be read. Save the message as .eml.",
    )
    message = make_msg(OUTLOOK | {0x1000: "Hello."})
    for broken in (message[:900], message[:512] + b"\xff" * 2000):
        with pytest.raises(UnreadableFile, match=r"a\.msg is damaged"):
            parse(broken, "a.msg")


def test_a_text_that_is_no_mail_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"x\.eml is not an e-mail"):
        parse("Hello there.", "x.eml")


def archive(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in files.items():
            target.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


def test_an_archive_is_one_document_with_a_heading_for_each_file() -> None:
    word = make_docx("<w:p><w:r><w:t>The lid is red.</w:t></w:r></w:p>")
    data = archive(
        **{
            "notes__a.txt": b"The key is blue.\nIt is small.",
            "b.docx": word,
            "c.gif": b"\x89PNG",
            "d.pdf": b"no pdf",
            "e.zip": archive(x=b"x"),
            ".hidden.txt": b"unseen",
        }
    )
    parsed = parse(data, "x.zip")
    assert [(s.heading, s.text) for s in parsed.sentences] == [
        ("notes/a.txt", "notes/a.txt"),
        ("notes/a.txt", "The key is blue."),
        ("notes/a.txt", "It is small."),
        ("b.docx", "b.docx"),
        ("b.docx", "The lid is red."),
    ]
    assert parsed.document.warnings == (
        "c.gif was left out: it is not a supported kind of file.",
        "d.pdf was left out: d.pdf is not a PDF file but something else.",
        "e.zip was left out: it is an archive inside another file.",
    )
    texts(parsed)


def test_an_archive_of_too_many_files_or_too_much_is_refused() -> None:
    many = archive(**{f"{number}.txt": b"x" for number in range(501)})
    with pytest.raises(FileTooLarge, match="has 501 files"):
        parse(many, "x.zip")
    with pytest.raises(FileTooLarge, match="would unpack to 12 MB"):
        parse(archive(**{"a.txt": b" " * 12_000_000}), "x.zip")
    with pytest.raises(UnreadableFile, match="is damaged"):
        parse(many[:-400], "x.zip")


def test_a_mail_with_an_impossible_date_and_an_archive_with_a_bad_index_are_refused() -> None:
    dated = mail().as_bytes().replace(b"2025 10:00", b"99999999999 10:00")
    with pytest.raises(UnreadableFile, match=r"x\.eml is damaged: it cannot be read as an e-mail"):
        parse(dated, "x.eml")
    cut = archive(a=b"x")
    end = cut.rindex(b"PK\x05\x06")
    with pytest.raises(UnreadableFile, match=r"x\.zip is damaged: it cannot be read"):
        parse(cut[:end] + cut[end:].replace(cut[end + 16 : end + 20], b"\xff\xff\x00\x00"), "x.zip")
