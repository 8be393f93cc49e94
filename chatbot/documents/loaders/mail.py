"""Reads e-mails (eml, msg): who wrote when to whom, the text, and attachments that can be read."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.utils import format_datetime
from typing import TYPE_CHECKING

from chatbot.documents.blocks import Content, ContentBuilder
from chatbot.documents.cleaning import counted
from chatbot.documents.limits import MAX_MEMBERS
from chatbot.documents.loaders.html import read_html
from chatbot.documents.loaders.plain import plain_content
from chatbot.documents.loaders.zipped import add_member
from chatbot.errors import UnreadableFile

if TYPE_CHECKING:
    from oxmsg import Message

_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def read_mail(data: bytes, *, name: str) -> Content:
    """Return the content of an e-mail."""
    builder = ContentBuilder(name)
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not any(message[header] for header in _HEADERS):
        raise UnreadableFile(f"{name} is not an e-mail: it has no sender, date or subject.")
    return _mail_content(message, builder)


def _mail_content(message: MIMEPart, builder: ContentBuilder) -> Content:
    for number, part in enumerate(_parts(message)):
        if number > MAX_MEMBERS:
            builder.warnings.append(f"All parts after the first {MAX_MEMBERS} were left out.")
            break
        _write(part, builder)
    return builder.build(title=str(message["Subject"] or ""))


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
        return
    if kind == "text/html":
        content = read_html(data, name="The text of the e-mail")
    elif kind.startswith("text/"):
        text = builder.decoded(data, declared=part.get_content_charset() or "")
        content = plain_content(text, name=builder.name)
    else:
        builder.warnings.append(f"A part of the kind {kind} was left out.")
        return
    builder.add_content(content)
    builder.warnings += content.warnings


def read_outlook(data: bytes, *, name: str) -> Content:
    """Return the content of an Outlook message."""
    from oxmsg import Message

    message = Message.load(data)
    builder = ContentBuilder(name)
    if files := sum(not one.file_bytes for one in message.attachments):
        builder.warnings.append(f"{counted(files, 'attached message')} left out.")
    if not (message.body or message.html_body):
        builder.warnings.append(
            "Its text has a form that cannot be read. Save the message as .eml."
        )
    return _mail_content(_as_mail(message), builder)


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
