"""Reads e-mails (eml, msg): who wrote when to whom, the text, and attachments that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import MIMEPart
from email.parser import BytesParser
from email.utils import format_datetime

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.cleaning import counted
from chatbot.documents.limits import MAX_MEMBERS
from chatbot.documents.loaders.html import read_html
from chatbot.documents.loaders.plain import plain_content
from chatbot.documents.loaders.zipped import add_member
from chatbot.errors import UnreadableFile

_LEFT_OUT = f"All parts after the first {MAX_MEMBERS} were left out."
_TEXT = "The text of the e-mail"
_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def read_mail(data: bytes, *, name: str) -> Content:
    """Return the content of an e-mail."""
    builder = ContentBuilder(name)
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not any(message[header] for header in _HEADERS):
        raise UnreadableFile(f"{name} is not an e-mail: it has no sender, date or subject.")
    for number, part in enumerate(_parts(message)):
        if number > MAX_MEMBERS:
            builder.warnings.append(_LEFT_OUT)
            break
        _write(part, builder)
    return builder.build(title=str(message["Subject"] or ""))


def _parts(message: MIMEPart) -> Iterator[MIMEPart]:
    """Yield the message and its parts; of the forms of one text only the plainest."""
    yield message
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if message.get_content_type() == "multipart/alternative":
        parts.sort(key=lambda part: part.get_content_type() != "text/plain")
        del parts[1:]
    for part in parts:
        yield from _parts(part)


def _write(part: MIMEPart, builder: ContentBuilder) -> None:
    """Write one part, not those inside it."""
    builder.add_facts({header: str(part[header] or "") for header in _HEADERS})
    if part.is_multipart():
        return
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    kind = part.get_content_type()
    name = part.get_filename()
    if name and (part.is_attachment() or not kind.startswith("text/")):
        add_member(data, name, builder)
    elif kind == "text/html":
        _add(read_html(data, name=_TEXT), builder)
    elif kind.startswith("text/"):
        text = builder.decoded(data, declared=part.get_content_charset() or "")
        _add(plain_content(text, name=_TEXT), builder)
    else:
        builder.warnings.append(f"A part of the kind {kind} was left out.")


def _add(content: Content, builder: ContentBuilder) -> None:
    builder.add_content(content)
    builder.warnings += content.warnings


def read_outlook(data: bytes, *, name: str) -> Content:
    """Return the content of an Outlook message."""
    from oxmsg import Message

    builder = ContentBuilder(name)
    message = Message.load(data)
    sent, told = message.sent_date, message.message_headers
    people = (f"{one.name} <{one.email_address}>" for one in message.recipients)
    said = {
        "From": message.sender,
        "To": told.get("To") or "; ".join(people),
        "Cc": told.get("Cc"),
        "Date": told.get("Date") or (format_datetime(sent) if sent else ""),
        "Subject": message.subject,
    }
    facts = {
        header: str(policy.default.header_factory(header, " ".join(fact.split())))
        for header, fact in said.items()
        if fact
    }
    builder.add_facts(facts)
    if files := sum(not file.file_bytes for file in message.attachments):
        builder.warnings.append(f"{counted(files, 'attached message')} left out.")
    if message.body:
        _add(plain_content(message.body, name=_TEXT), builder)
    elif message.html_body:
        _add(read_html(message.html_body.encode(), name=_TEXT), builder)
    else:
        words = "Its text has a form that cannot be read. Save the message as .eml."
        builder.warnings.append(words)
    for number, file in enumerate(message.attachments, 1):
        if number > MAX_MEMBERS:
            builder.warnings.append(_LEFT_OUT)
            break
        if file.file_bytes:
            add_member(file.file_bytes, file.file_name or f"attachment {number}", builder)
    return builder.build(title=message.subject or "")
