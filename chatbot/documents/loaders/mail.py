"""Reads e-mails (eml, msg): who wrote when to whom, the text, and attachments that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import format_datetime
from typing import TYPE_CHECKING

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.cleaning import counted
from chatbot.documents.encoding import decode
from chatbot.documents.limits import MAX_MEMBERS
from chatbot.documents.loaders.damage import damage_of
from chatbot.documents.loaders.html import read_html
from chatbot.documents.loaders.plain import plain_content
from chatbot.documents.loaders.zipped import add_member
from chatbot.errors import UnreadableFile

if TYPE_CHECKING:
    from oxmsg import Message

_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def read_mail(data: bytes, *, name: str) -> Content:
    """Return the content of an e-mail."""
    builder = ContentBuilder()
    warnings: list[str] = []
    with damage_of(name, "read as an e-mail", MessageError):
        message = BytesParser(policy=policy.default).parsebytes(data)
        if not any(message[header] for header in _HEADERS):
            raise UnreadableFile(f"{name} is not an e-mail: it has no sender, date or subject.")
        for number, part in enumerate(_parts(message)):
            if number > MAX_MEMBERS:
                warnings.append(f"All parts after the first {MAX_MEMBERS} were left out.")
                break
            warnings += _write(part, builder)
    return builder.build(title=str(message["Subject"] or ""), warnings=warnings)


def _parts(message: MIMEPart) -> Iterator[MIMEPart]:
    """Yield the message and its parts; of the forms of one text only the plainest."""
    yield message
    if message.get_content_type() == "multipart/alternative":
        forms = [part for part in message.iter_parts() if isinstance(part, MIMEPart)]
        plain = [part for part in forms if part.get_content_type() == "text/plain"]
        for part in (plain or forms)[:1]:
            yield from _parts(part)
    elif message.is_multipart():
        for part in message.iter_parts():
            yield from _parts(part)


def _write(part: MIMEPart, builder: ContentBuilder) -> list[str]:
    """Write one part, not those inside it; return what of it is left out."""
    builder.add_facts({header: str(part[header] or "") for header in _HEADERS})
    if part.is_multipart():
        return []
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    kind = part.get_content_type()
    name = part.get_filename()
    if name and (part.is_attachment() or not kind.startswith("text/")):
        return add_member(data, name, builder)
    if kind == "text/html":
        content = read_html(data, name="The text of the e-mail")
    elif kind.startswith("text/"):
        decoded = decode(data, declared=part.get_content_charset() or "")
        content = plain_content(decoded.text, warnings=decoded.warnings)
    else:
        return [f"A part of the kind {kind} was left out."]
    builder.add_content(content)
    return list(content.warnings)


def read_outlook(data: bytes, *, name: str) -> Content:
    """Return the content of an Outlook message."""
    from oxmsg import Message

    with damage_of(name, "read as an Outlook message"):
        message = Message.load(data)
        mail = _as_mail(message)
        files = sum(not one.file_bytes for one in message.attachments)
    content = read_mail(mail.as_bytes(), name=name)
    left_out = [f"{counted(files, 'attached message')} left out."] if files else []
    if not (message.body or message.html_body):
        left_out.append("Its text has a form that cannot be read. Save the message as .eml.")
    return replace(content, warnings=(*content.warnings, *left_out))


def _as_mail(message: Message) -> EmailMessage:
    mail = EmailMessage()
    sent = message.sent_date
    told = message.message_headers
    headers = {
        "From": message.sender,
        "To": told.get("To")
        or "; ".join(f"{r.name} <{r.email_address}>" for r in message.recipients),
        "Cc": told.get("Cc"),
        "Date": told.get("Date") or (format_datetime(sent) if sent else ""),
        "Subject": message.subject,
    }
    for header, value in headers.items():
        if value:
            mail[header] = " ".join(value.split())
    if not message.body and message.html_body:
        mail.set_content(message.html_body, subtype="html")
    else:
        mail.set_content(message.body or "")
    for number, file in enumerate(message.attachments, 1):
        if file.file_bytes:
            mail.add_attachment(
                file.file_bytes,
                maintype="application",
                subtype="octet-stream",
                filename=file.file_name or f"attachment {number}",
            )
    return mail
